"""The Faust application: ``faust -A streams.app worker`` and ``ioc worker`` both run it, on Kafka or on the embedded broker."""

from __future__ import annotations

import faust

from ioc.catalog.load import load_catalog
from ioc.records import KINDS
from ioc.settings import LOCALHOST, Settings, load_settings
from streams.agents.pipeline import Pipeline
from streams.publish import MAX_MESSAGE_BYTES, compression_of
from streams.standing import Standing
from streams.topics import topic_of
from streams.watchdog import Watchdog

GROUP = "ioc"
_FETCH_BYTES = 16 << 20  # a partition, so that one is fetched while others are at work: with 4 MiB all ran dry at once


def make_app(settings: Settings) -> faust.App:
    """A Faust app whose agents store every kind, detect, judge and raise alerts."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)  # Faust makes only the last folder of its own
    app = faust.App(
        GROUP,
        broker=settings.broker_url,
        datadir=settings.data_dir / "faust",
        store="memory://",
        web_enabled=False,
        web_bind=LOCALHOST,
        web_host=LOCALHOST,
        topic_partitions=settings.partitions,
        topic_disable_leader=True,
        topic_replication_factor=1,
        processing_guarantee="at_least_once",
        broker_commit_interval=1.0,
        broker_max_poll_records=200,
        # A long outage of ClickHouse must not cost the group membership: heartbeats go on in the consumer's own thread.
        broker_max_poll_interval=24 * 3600.0,
        # A worker that was killed is missed soon, so that its partitions go on elsewhere.
        broker_session_timeout=15.0,
        broker_heartbeat_interval=3.0,
        consumer_max_fetch_size=_FETCH_BYTES,
        consumer_auto_offset_reset="earliest",
        producer_max_request_size=MAX_MESSAGE_BYTES,
        producer_compression_type=compression_of(settings),
        producer_acks=-1,
        stream_buffer_maxsize=32,
        stream_wait_empty=False,
        worker_redirect_stdouts=False,
    )
    pipeline = Pipeline(settings, load_catalog(settings.catalog_dir), app)
    app.add_dependency(Standing(app, pipeline.patience, settings))  # before any partition is assigned: /ready says so
    for kind in KINDS:
        topic = app.topic(
            topic_of(kind), key_serializer="raw", value_serializer="raw", partitions=settings.partitions, internal=True
        )
        app.agent(topic, name=f"{kind}")(pipeline.agent(kind))
    app.on_partitions_assigned.connect(pipeline.on_partitions_assigned)
    app.on_before_shutdown.connect(pipeline.on_before_shutdown)
    app.task(pipeline.settlement.keep_settling)
    app.task(pipeline.keep_saving)
    app.task(Watchdog(app, pipeline.progress, pipeline.patience, settings.watchdog_s).watch)
    return app


app = make_app(load_settings())
