"""Which of the engine's own tables people may read: those that describe it, not those that show what others ask and hold.

The engine lets everybody read `system.*`. For whoever is not the administrator the hidden ones have no rows.
"""

from __future__ import annotations

# What tools ask when they connect, and what documents the language. Of tables and columns everybody sees those granted.
SHOWN = frozenset(
    {
        "aggregate_function_combinators", "build_options", "codecs", "collations", "columns", "completions",
        "contributors", "current_roles", "data_skipping_index_types", "data_type_families", "database_engines",
        "databases", "disk_types", "documentation", "enabled_roles", "formats", "functions", "keywords", "licenses",
        "merge_tree_settings", "numbers", "numbers_mt", "one", "primes", "privileges", "replicated_merge_tree_settings",
        "settings", "statements", "table_engines", "table_functions", "tables", "time_zones", "tokenizers", "unicode",
        "zeros", "zeros_mt",
    }
)  # fmt: skip

# What others ask, what errors said about their data, how many rows there are that a department is not shown, and the machine.
HIDDEN = frozenset(
    {
        "asynchronous_inserts", "asynchronous_loader", "azure_queue_metadata", "azure_queue_metadata_cache",
        "azure_queue_settings", "background_schedule_pool", "backups", "certificates", "clusters", "constraints",
        "dashboards", "data_skipping_indices", "database_replicas", "detached_parts", "detached_tables", "dictionaries",
        "dictionary_layouts", "dictionary_sources", "dimensional_metrics", "disks", "distributed_ddl_queue",
        "distribution_queue", "dns_cache", "dropped_tables", "dropped_tables_parts", "errors", "events", "fail_points",
        "filesystem_cache", "filesystem_cache_settings", "grants", "graphite_retentions", "handlers",
        "histogram_metrics", "hypothetical_indexes", "hypothetical_projections", "iceberg_files", "iceberg_history",
        "jemalloc_arena_bins", "jemalloc_bins", "jemalloc_profile_text", "jemalloc_sampled_allocations",
        "jemalloc_stats", "kafka_consumers", "macros", "masking_policies", "merges", "metrics", "moves", "mutations",
        "named_collections", "part_moves_between_shards", "parts", "parts_columns", "processes", "projection_parts",
        "projection_parts_columns", "projections", "query_cache", "query_condition_cache", "quota_limits",
        "quota_usage", "quotas", "quotas_usage", "remote_data_paths", "replicas", "replicated_fetches",
        "replication_queue", "resources", "rocksdb", "role_grants", "roles", "row_policies", "s3_queue_metadata",
        "s3_queue_settings", "s3queue_metadata_cache", "scheduler", "schema_inference_cache", "server_settings",
        "session_query_ids", "settings_changes", "settings_profile_elements", "settings_profiles", "stack_trace",
        "storage_policies", "symbols", "user_defined_functions", "user_directories", "user_processes",
        "user_query_log", "users", "view_refreshes", "warnings", "workloads",
    }
)  # fmt: skip
