-- Codecs by measured size (docs/schema.md, `python -m bench.codecs`): plain ZSTD halves decimal values that Gorilla does not, Delta makes times vanish.
-- Parts that are there keep theirs until they are merged.
ALTER TABLE {database}.alerts
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN fingerprint CODEC(ZSTD(1)),
    MODIFY COLUMN raised_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN title CODEC(ZSTD(1)),
    MODIFY COLUMN message CODEC(ZSTD(1)),
    MODIFY COLUMN evidence CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.alerts_history
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN fingerprint CODEC(ZSTD(1)),
    MODIFY COLUMN raised_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN title CODEC(ZSTD(1)),
    MODIFY COLUMN message CODEC(ZSTD(1)),
    MODIFY COLUMN evidence CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.anomalies
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN observed_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN since CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN expected CODEC(ZSTD(1)),
    MODIFY COLUMN low CODEC(ZSTD(1)),
    MODIFY COLUMN high CODEC(ZSTD(1)),
    MODIFY COLUMN score CODEC(ZSTD(1)),
    MODIFY COLUMN one_in CODEC(ZSTD(1)),
    MODIFY COLUMN reason CODEC(ZSTD(1)),
    MODIFY COLUMN evidence CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.anomalies_history
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN observed_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN since CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN expected CODEC(ZSTD(1)),
    MODIFY COLUMN low CODEC(ZSTD(1)),
    MODIFY COLUMN high CODEC(ZSTD(1)),
    MODIFY COLUMN score CODEC(ZSTD(1)),
    MODIFY COLUMN one_in CODEC(ZSTD(1)),
    MODIFY COLUMN reason CODEC(ZSTD(1)),
    MODIFY COLUMN evidence CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.camera_events
    MODIFY COLUMN duration_s CODEC(ZSTD(1)),
    MODIFY COLUMN confidence CODEC(ZSTD(1));

ALTER TABLE {database}.cyber_events
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN severity CODEC(T64, ZSTD(1)),
    MODIFY COLUMN signature_id CODEC(T64, ZSTD(1)),
    MODIFY COLUMN src_ip CODEC(ZSTD(1)),
    MODIFY COLUMN src_port CODEC(T64, ZSTD(1)),
    MODIFY COLUMN dest_ip CODEC(ZSTD(1)),
    MODIFY COLUMN dest_port CODEC(T64, ZSTD(1)),
    MODIFY COLUMN hostname CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.dead_letters
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN rejected_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN reason CODEC(ZSTD(1)),
    MODIFY COLUMN origin CODEC(ZSTD(1)),
    MODIFY COLUMN position CODEC(T64, ZSTD(1)),
    MODIFY COLUMN replayed_at CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.detector_states
    MODIFY COLUMN version CODEC(T64, ZSTD(1));

ALTER TABLE {database}.dossiers
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN dossier_code CODEC(ZSTD(1)),
    MODIFY COLUMN submitted_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN due_at CODEC(ZSTD(1)),
    MODIFY COLUMN finished_at CODEC(ZSTD(1)),
    MODIFY COLUMN status CODEC(T64, ZSTD(1)),
    MODIFY COLUMN status_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN fee_vnd CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.dossiers_current
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN dossier_code CODEC(ZSTD(1)),
    MODIFY COLUMN submitted_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN due_at CODEC(ZSTD(1)),
    MODIFY COLUMN finished_at CODEC(ZSTD(1)),
    MODIFY COLUMN status CODEC(T64, ZSTD(1)),
    MODIFY COLUMN status_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN fee_vnd CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE {database}.dossiers_history
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN dossier_code CODEC(ZSTD(1)),
    MODIFY COLUMN submitted_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN due_at CODEC(ZSTD(1)),
    MODIFY COLUMN finished_at CODEC(ZSTD(1)),
    MODIFY COLUMN status CODEC(T64, ZSTD(1)),
    MODIFY COLUMN status_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN fee_vnd CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.field_reports_current
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE {database}.field_reports_history
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.forecasts
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN issued_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN low80 CODEC(ZSTD(1)),
    MODIFY COLUMN high80 CODEC(ZSTD(1)),
    MODIFY COLUMN low95 CODEC(ZSTD(1)),
    MODIFY COLUMN high95 CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.freshness
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN checked_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN newest_at CODEC(ZSTD(1)),
    MODIFY COLUMN records CODEC(T64, ZSTD(1)),
    MODIFY COLUMN rejects CODEC(T64, ZSTD(1)),
    MODIFY COLUMN message CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.health_cases_history
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.hotspots
    MODIFY COLUMN brightness_k CODEC(ZSTD(1)),
    MODIFY COLUMN power_mw CODEC(ZSTD(1));

ALTER TABLE {database}.incidents
    MODIFY COLUMN alerts CODEC(ZSTD(1));

ALTER TABLE {database}.incidents_current
    MODIFY COLUMN alerts CODEC(ZSTD(1)),
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE {database}.incidents_history
    MODIFY COLUMN alerts CODEC(ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.indicator_targets
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN target CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.indicator_targets_history
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN target CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.indicator_values
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.indicator_values_history
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.outlooks
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN year CODEC(T64, ZSTD(1)),
    MODIFY COLUMN issued_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN target CODEC(ZSTD(1)),
    MODIFY COLUMN actual CODEC(ZSTD(1)),
    MODIFY COLUMN expected CODEC(ZSTD(1)),
    MODIFY COLUMN low80 CODEC(ZSTD(1)),
    MODIFY COLUMN high80 CODEC(ZSTD(1)),
    MODIFY COLUMN probability CODEC(ZSTD(1)),
    MODIFY COLUMN needed_per_period CODEC(ZSTD(1)),
    MODIFY COLUMN explanation CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.positions_current
    MODIFY COLUMN observed_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN lat CODEC(ZSTD(1)),
    MODIFY COLUMN lon CODEC(ZSTD(1)),
    MODIFY COLUMN speed_kmh CODEC(ZSTD(1)),
    MODIFY COLUMN heading CODEC(ZSTD(1));

ALTER TABLE {database}.posts
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.posts_history
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.readings
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1));

ALTER TABLE {database}.stances
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN post_id CODEC(ZSTD(1)),
    MODIFY COLUMN confidence CODEC(ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.stances_history
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN post_id CODEC(ZSTD(1)),
    MODIFY COLUMN confidence CODEC(ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE {database}.tasks
    MODIFY COLUMN document_date CODEC(ZSTD(1)),
    MODIFY COLUMN supporting CODEC(ZSTD(1)),
    MODIFY COLUMN progress CODEC(ZSTD(1));

ALTER TABLE {database}.tasks_current
    MODIFY COLUMN document_date CODEC(ZSTD(1)),
    MODIFY COLUMN supporting CODEC(ZSTD(1)),
    MODIFY COLUMN progress CODEC(ZSTD(1)),
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE {database}.tasks_history
    MODIFY COLUMN document_date CODEC(ZSTD(1)),
    MODIFY COLUMN supporting CODEC(ZSTD(1)),
    MODIFY COLUMN progress CODEC(ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));
