// Speaks to the embedded server as Grafana's ClickHouse plugin does: clickhouse-go v2, HTTP, gzip, database/sql.
// Prints one line of JSON with what it found, or fails.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

type result struct {
	Version    string
	Sum        int64
	Names      []string
	Nulls      int
	At         string
	Tags       []string
	Targets    map[int32]float64
	Parameter  string
	Empty      int
	Big        uint64
	ErrorCode  int32
	Concurrent int
	Cancelled  bool
	Packed     map[string]packed
}

// packed is what was found with one kind of compression.
type packed struct {
	Rows      uint64
	Big       uint64
	ErrorCode int32
}

var methods = map[string]clickhouse.CompressionMethod{
	"none": clickhouse.CompressionNone, "lz4": clickhouse.CompressionLZ4, "zstd": clickhouse.CompressionZSTD,
	"gzip": clickhouse.CompressionGZIP, "deflate": clickhouse.CompressionDeflate, "br": clickhouse.CompressionBrotli,
}

func options(address, database, user, password string) *clickhouse.Options {
	return &clickhouse.Options{
		Addr:        []string{address},
		Auth:        clickhouse.Auth{Database: database, Username: user, Password: password},
		Protocol:    clickhouse.HTTP,
		Compression: &clickhouse.Compression{Method: clickhouse.CompressionGZIP},
		DialTimeout: 5 * time.Second,
		ReadTimeout: 60 * time.Second,
		Settings:    clickhouse.Settings{"max_execution_time": 60},
		ClientInfo:  clickhouse.ClientInfo{Products: []struct{ Name, Version string }{{"grafana", "11.6.0"}}},
	}
}

func must(err error, what string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, what+":", err)
		os.Exit(1)
	}
}

func insert(ctx context.Context, opts *clickhouse.Options) {
	conn, err := clickhouse.Open(opts)
	must(err, "open")
	defer conn.Close()
	must(conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS go_values (n Int64, name LowCardinality(String), value Nullable(Float64),
		at DateTime64(3, 'UTC'), tags Array(String), targets Map(Int32, Float64)) ENGINE = MergeTree ORDER BY n`), "create")
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO go_values")
	must(err, "prepare")
	at := time.Date(2026, 11, 24, 3, 15, 0, 123e6, time.UTC)
	for n := int64(0); n < 1000; n++ {
		var value *float64
		if n%2 == 0 {
			half := float64(n) / 2
			value = &half
		}
		must(batch.Append(n, fmt.Sprintf("trạm %d", n%3), value, at, []string{"bụi", "mịn"}, map[int32]float64{2026: 1.5}), "append")
	}
	must(batch.Send(), "send")
}

func read(ctx context.Context, db *sql.DB, found *result) {
	must(db.PingContext(ctx), "ping")
	must(db.QueryRowContext(ctx, "SELECT version()").Scan(&found.Version), "version")
	must(db.QueryRowContext(ctx, "SELECT sum(n), countIf(value IS NULL) FROM go_values").Scan(&found.Sum, &found.Nulls), "sum")
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT name FROM go_values ORDER BY name")
	must(err, "names")
	for rows.Next() {
		var name string
		must(rows.Scan(&name), "name")
		found.Names = append(found.Names, name)
	}
	must(rows.Err(), "names")
	var at time.Time
	must(db.QueryRowContext(ctx, "SELECT at, tags, targets FROM go_values LIMIT 1").Scan(&at, &found.Tags, &found.Targets), "types")
	found.At = at.UTC().Format(time.RFC3339Nano)
	named := clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{"text": "Nghi Sơn's"}))
	must(db.QueryRowContext(named, "SELECT {text:String}").Scan(&found.Parameter), "parameter")
	empty, err := db.QueryContext(ctx, "SELECT n FROM go_values WHERE n < 0")
	must(err, "empty")
	for empty.Next() {
		found.Empty++
	}
	must(empty.Err(), "empty")
	big, err := db.QueryContext(ctx, "SELECT number FROM numbers(1000000)")
	must(err, "big")
	for big.Next() {
		var n uint64
		must(big.Scan(&n), "big")
		found.Big += n
	}
	must(big.Err(), "big")
	_, err = db.QueryContext(ctx, "SELECT nonsense FROM go_values")
	found.ErrorCode = codeOf(err)
}

// codeOf is the server's error code, which newer releases of the driver parse and older ones quote.
func codeOf(err error) int32 {
	var failure *clickhouse.Exception
	if errors.As(err, &failure) {
		return failure.Code
	}
	if quoted := regexp.MustCompile(`Code: (\d+)\.`).FindStringSubmatch(fmt.Sprint(err)); quoted != nil {
		code, _ := strconv.Atoi(quoted[1])
		return int32(code)
	}
	return 0
}

func atOnce(ctx context.Context, db *sql.DB, found *result) {
	var wait sync.WaitGroup
	var lock sync.Mutex
	db.SetMaxOpenConns(32)
	for n := 0; n < 120; n++ {
		wait.Add(1)
		go func(n int64) {
			defer wait.Done()
			var got int64
			must(db.QueryRowContext(ctx, fmt.Sprintf("SELECT n FROM go_values WHERE n = %d", n)).Scan(&got), "at once")
			lock.Lock()
			defer lock.Unlock()
			if got == n {
				found.Concurrent++
			}
		}(int64(n))
	}
	wait.Wait()
}

// cancelled tells whether a query ends on the server when its context does.
func cancelled(ctx context.Context, db *sql.DB) bool {
	const running = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'go-cancelled'"
	count := func() (n uint64) {
		must(db.QueryRowContext(ctx, running).Scan(&n), "processes")
		return n
	}
	own, cancel := context.WithCancel(clickhouse.Context(ctx, clickhouse.WithQueryID("go-cancelled")))
	failed := make(chan error)
	go func() {
		var n uint64
		failed <- db.QueryRowContext(own, "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)").Scan(&n)
	}()
	for count() == 0 {
	}
	cancel()
	ended := errors.Is(<-failed, context.Canceled)
	for count() > 0 {
	}
	return ended
}

// pack inserts a batch of 100,000 rows and reads a million back, compressed in one way both times.
func pack(ctx context.Context, opts *clickhouse.Options, name string) (found packed) {
	opts.Compression = &clickhouse.Compression{Method: methods[name], Level: 3}
	opts.Settings["enable_http_compression"] = 1
	conn, err := clickhouse.Open(opts)
	must(err, "open "+name)
	defer conn.Close()
	table := "go_packed_" + name
	must(conn.Exec(ctx, "CREATE TABLE "+table+" (n UInt64, s String) ENGINE = MergeTree ORDER BY n"), "create "+name)
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO "+table)
	must(err, "prepare "+name)
	for n := uint64(0); n < 100_000; n++ {
		must(batch.Append(n, fmt.Sprintf("trạm %d", n)), "append "+name)
	}
	must(batch.Send(), "send "+name)
	must(conn.QueryRow(ctx, "SELECT uniqExact(n, s) FROM "+table).Scan(&found.Rows), "count "+name)
	rows, err := conn.Query(ctx, "SELECT number, toString(number) FROM numbers(1000000)")
	must(err, "big "+name)
	for rows.Next() {
		var n uint64
		var s string
		must(rows.Scan(&n, &s), "big "+name)
		found.Big += n
	}
	must(rows.Err(), "big "+name)
	_, err = conn.Query(ctx, "SELECT nonsense FROM "+table)
	found.ErrorCode = codeOf(err)
	return found
}

func main() {
	ctx := context.Background()
	opts := options(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	insert(ctx, opts)
	db := clickhouse.OpenDB(options(os.Args[1], os.Args[2], os.Args[3], os.Args[4]))
	defer db.Close()
	found := &result{}
	read(ctx, db, found)
	atOnce(ctx, db, found)
	found.Cancelled = cancelled(ctx, db)
	found.Packed = map[string]packed{}
	for name := range methods {
		found.Packed[name] = pack(ctx, options(os.Args[1], os.Args[2], os.Args[3], os.Args[4]), name)
	}
	must(json.NewEncoder(os.Stdout).Encode(found), "print")
}
