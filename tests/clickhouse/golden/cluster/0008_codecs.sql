-- Codecs by measured size (docs/schema.md, `python -m bench.codecs`): plain ZSTD halves decimal values that Gorilla does not, Delta makes times vanish.
-- Parts that are there keep theirs until they are merged.
ALTER TABLE ioc.alerts_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN fingerprint CODEC(ZSTD(1)),
    MODIFY COLUMN raised_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN title CODEC(ZSTD(1)),
    MODIFY COLUMN message CODEC(ZSTD(1)),
    MODIFY COLUMN evidence CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

-- Codecs by measured size (docs/schema.md, `python -m bench.codecs`): plain ZSTD halves decimal values that Gorilla does not, Delta makes times vanish.
-- Parts that are there keep theirs until they are merged.
ALTER TABLE ioc.alerts ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN fingerprint CODEC(ZSTD(1)), MODIFY COLUMN raised_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN title CODEC(ZSTD(1)), MODIFY COLUMN message CODEC(ZSTD(1)), MODIFY COLUMN evidence CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.alerts_history_local ON CLUSTER th
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

ALTER TABLE ioc.alerts_history ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN fingerprint CODEC(ZSTD(1)), MODIFY COLUMN raised_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN title CODEC(ZSTD(1)), MODIFY COLUMN message CODEC(ZSTD(1)), MODIFY COLUMN evidence CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.anomalies_local ON CLUSTER th
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

ALTER TABLE ioc.anomalies ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN observed_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN since CODEC(Delta, ZSTD(1)), MODIFY COLUMN value CODEC(ZSTD(1)), MODIFY COLUMN expected CODEC(ZSTD(1)), MODIFY COLUMN low CODEC(ZSTD(1)), MODIFY COLUMN high CODEC(ZSTD(1)), MODIFY COLUMN score CODEC(ZSTD(1)), MODIFY COLUMN one_in CODEC(ZSTD(1)), MODIFY COLUMN reason CODEC(ZSTD(1)), MODIFY COLUMN evidence CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.anomalies_history_local ON CLUSTER th
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

ALTER TABLE ioc.anomalies_history ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN observed_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN since CODEC(Delta, ZSTD(1)), MODIFY COLUMN value CODEC(ZSTD(1)), MODIFY COLUMN expected CODEC(ZSTD(1)), MODIFY COLUMN low CODEC(ZSTD(1)), MODIFY COLUMN high CODEC(ZSTD(1)), MODIFY COLUMN score CODEC(ZSTD(1)), MODIFY COLUMN one_in CODEC(ZSTD(1)), MODIFY COLUMN reason CODEC(ZSTD(1)), MODIFY COLUMN evidence CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.camera_events_local ON CLUSTER th
    MODIFY COLUMN duration_s CODEC(ZSTD(1)),
    MODIFY COLUMN confidence CODEC(ZSTD(1));

ALTER TABLE ioc.camera_events ON CLUSTER th
    MODIFY COLUMN duration_s CODEC(ZSTD(1)), MODIFY COLUMN confidence CODEC(ZSTD(1));

ALTER TABLE ioc.cyber_events_local ON CLUSTER th
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

ALTER TABLE ioc.cyber_events ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN severity CODEC(T64, ZSTD(1)), MODIFY COLUMN signature_id CODEC(T64, ZSTD(1)), MODIFY COLUMN src_ip CODEC(ZSTD(1)), MODIFY COLUMN src_port CODEC(T64, ZSTD(1)), MODIFY COLUMN dest_ip CODEC(ZSTD(1)), MODIFY COLUMN dest_port CODEC(T64, ZSTD(1)), MODIFY COLUMN hostname CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.dead_letters_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN rejected_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN reason CODEC(ZSTD(1)),
    MODIFY COLUMN origin CODEC(ZSTD(1)),
    MODIFY COLUMN position CODEC(T64, ZSTD(1)),
    MODIFY COLUMN replayed_at CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.dead_letters ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN rejected_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN reason CODEC(ZSTD(1)), MODIFY COLUMN origin CODEC(ZSTD(1)), MODIFY COLUMN position CODEC(T64, ZSTD(1)), MODIFY COLUMN replayed_at CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.detector_states_local ON CLUSTER th
    MODIFY COLUMN version CODEC(T64, ZSTD(1));

ALTER TABLE ioc.detector_states ON CLUSTER th
    MODIFY COLUMN version CODEC(T64, ZSTD(1));

ALTER TABLE ioc.dossiers_local ON CLUSTER th
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

ALTER TABLE ioc.dossiers ON CLUSTER th
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN dossier_code CODEC(ZSTD(1)), MODIFY COLUMN submitted_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN due_at CODEC(ZSTD(1)), MODIFY COLUMN finished_at CODEC(ZSTD(1)), MODIFY COLUMN status CODEC(T64, ZSTD(1)), MODIFY COLUMN status_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN fee_vnd CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.dossiers_current_local ON CLUSTER th
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

ALTER TABLE ioc.dossiers_current ON CLUSTER th
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN dossier_code CODEC(ZSTD(1)), MODIFY COLUMN submitted_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN due_at CODEC(ZSTD(1)), MODIFY COLUMN finished_at CODEC(ZSTD(1)), MODIFY COLUMN status CODEC(T64, ZSTD(1)), MODIFY COLUMN status_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN fee_vnd CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE ioc.dossiers_history_local ON CLUSTER th
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

ALTER TABLE ioc.dossiers_history ON CLUSTER th
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN dossier_code CODEC(ZSTD(1)), MODIFY COLUMN submitted_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN due_at CODEC(ZSTD(1)), MODIFY COLUMN finished_at CODEC(ZSTD(1)), MODIFY COLUMN status CODEC(T64, ZSTD(1)), MODIFY COLUMN status_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN fee_vnd CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.field_reports_current_local ON CLUSTER th
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE ioc.field_reports_current ON CLUSTER th
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE ioc.field_reports_history_local ON CLUSTER th
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.field_reports_history ON CLUSTER th
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.forecasts_local ON CLUSTER th
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

ALTER TABLE ioc.forecasts ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN period CODEC(Delta, ZSTD(1)), MODIFY COLUMN issued_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN value CODEC(ZSTD(1)), MODIFY COLUMN low80 CODEC(ZSTD(1)), MODIFY COLUMN high80 CODEC(ZSTD(1)), MODIFY COLUMN low95 CODEC(ZSTD(1)), MODIFY COLUMN high95 CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.freshness_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN checked_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN newest_at CODEC(ZSTD(1)),
    MODIFY COLUMN records CODEC(T64, ZSTD(1)),
    MODIFY COLUMN rejects CODEC(T64, ZSTD(1)),
    MODIFY COLUMN message CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.freshness ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN checked_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN newest_at CODEC(ZSTD(1)), MODIFY COLUMN records CODEC(T64, ZSTD(1)), MODIFY COLUMN rejects CODEC(T64, ZSTD(1)), MODIFY COLUMN message CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.health_cases_history_local ON CLUSTER th
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.health_cases_history ON CLUSTER th
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.hotspots_local ON CLUSTER th
    MODIFY COLUMN brightness_k CODEC(ZSTD(1)),
    MODIFY COLUMN power_mw CODEC(ZSTD(1));

ALTER TABLE ioc.hotspots ON CLUSTER th
    MODIFY COLUMN brightness_k CODEC(ZSTD(1)), MODIFY COLUMN power_mw CODEC(ZSTD(1));

ALTER TABLE ioc.incidents_local ON CLUSTER th
    MODIFY COLUMN alerts CODEC(ZSTD(1));

ALTER TABLE ioc.incidents ON CLUSTER th
    MODIFY COLUMN alerts CODEC(ZSTD(1));

ALTER TABLE ioc.incidents_current_local ON CLUSTER th
    MODIFY COLUMN alerts CODEC(ZSTD(1)),
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE ioc.incidents_current ON CLUSTER th
    MODIFY COLUMN alerts CODEC(ZSTD(1)), MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE ioc.incidents_history_local ON CLUSTER th
    MODIFY COLUMN alerts CODEC(ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.incidents_history ON CLUSTER th
    MODIFY COLUMN alerts CODEC(ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_targets_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN target CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_targets ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN period CODEC(Delta, ZSTD(1)), MODIFY COLUMN target CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_targets_history_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN target CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_targets_history ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN period CODEC(Delta, ZSTD(1)), MODIFY COLUMN target CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_values_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_values ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN period CODEC(Delta, ZSTD(1)), MODIFY COLUMN value CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_values_history_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN period CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.indicator_values_history ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN period CODEC(Delta, ZSTD(1)), MODIFY COLUMN value CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.outlooks_local ON CLUSTER th
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

ALTER TABLE ioc.outlooks ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN year CODEC(T64, ZSTD(1)), MODIFY COLUMN issued_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN target CODEC(ZSTD(1)), MODIFY COLUMN actual CODEC(ZSTD(1)), MODIFY COLUMN expected CODEC(ZSTD(1)), MODIFY COLUMN low80 CODEC(ZSTD(1)), MODIFY COLUMN high80 CODEC(ZSTD(1)), MODIFY COLUMN probability CODEC(ZSTD(1)), MODIFY COLUMN needed_per_period CODEC(ZSTD(1)), MODIFY COLUMN explanation CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.positions_current_local ON CLUSTER th
    MODIFY COLUMN observed_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN lat CODEC(ZSTD(1)),
    MODIFY COLUMN lon CODEC(ZSTD(1)),
    MODIFY COLUMN speed_kmh CODEC(ZSTD(1)),
    MODIFY COLUMN heading CODEC(ZSTD(1));

ALTER TABLE ioc.positions_current ON CLUSTER th
    MODIFY COLUMN observed_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN lat CODEC(ZSTD(1)), MODIFY COLUMN lon CODEC(ZSTD(1)), MODIFY COLUMN speed_kmh CODEC(ZSTD(1)), MODIFY COLUMN heading CODEC(ZSTD(1));

ALTER TABLE ioc.posts_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.posts ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN url CODEC(ZSTD(1)), MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.posts_history_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.posts_history ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN url CODEC(ZSTD(1)), MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.readings_local ON CLUSTER th
    MODIFY COLUMN value CODEC(ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1));

ALTER TABLE ioc.readings ON CLUSTER th
    MODIFY COLUMN value CODEC(ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1));

ALTER TABLE ioc.stances_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN post_id CODEC(ZSTD(1)),
    MODIFY COLUMN confidence CODEC(ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.stances ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN post_id CODEC(ZSTD(1)), MODIFY COLUMN confidence CODEC(ZSTD(1)), MODIFY COLUMN url CODEC(ZSTD(1)), MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.stances_history_local ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)),
    MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN post_id CODEC(ZSTD(1)),
    MODIFY COLUMN confidence CODEC(ZSTD(1)),
    MODIFY COLUMN url CODEC(ZSTD(1)),
    MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN _partition CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.stances_history ON CLUSTER th
    MODIFY COLUMN event_id CODEC(ZSTD(1)), MODIFY COLUMN received_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN post_id CODEC(ZSTD(1)), MODIFY COLUMN confidence CODEC(ZSTD(1)), MODIFY COLUMN url CODEC(ZSTD(1)), MODIFY COLUMN published_at CODEC(Delta, ZSTD(1)), MODIFY COLUMN _partition CODEC(T64, ZSTD(1)), MODIFY COLUMN _offset CODEC(Delta, ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.tasks_local ON CLUSTER th
    MODIFY COLUMN document_date CODEC(ZSTD(1)),
    MODIFY COLUMN supporting CODEC(ZSTD(1)),
    MODIFY COLUMN progress CODEC(ZSTD(1));

ALTER TABLE ioc.tasks ON CLUSTER th
    MODIFY COLUMN document_date CODEC(ZSTD(1)), MODIFY COLUMN supporting CODEC(ZSTD(1)), MODIFY COLUMN progress CODEC(ZSTD(1));

ALTER TABLE ioc.tasks_current_local ON CLUSTER th
    MODIFY COLUMN document_date CODEC(ZSTD(1)),
    MODIFY COLUMN supporting CODEC(ZSTD(1)),
    MODIFY COLUMN progress CODEC(ZSTD(1)),
    MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE ioc.tasks_current ON CLUSTER th
    MODIFY COLUMN document_date CODEC(ZSTD(1)), MODIFY COLUMN supporting CODEC(ZSTD(1)), MODIFY COLUMN progress CODEC(ZSTD(1)), MODIFY COLUMN version CODEC(ZSTD(1));

ALTER TABLE ioc.tasks_history_local ON CLUSTER th
    MODIFY COLUMN document_date CODEC(ZSTD(1)),
    MODIFY COLUMN supporting CODEC(ZSTD(1)),
    MODIFY COLUMN progress CODEC(ZSTD(1)),
    MODIFY COLUMN day CODEC(Delta, ZSTD(1));

ALTER TABLE ioc.tasks_history ON CLUSTER th
    MODIFY COLUMN document_date CODEC(ZSTD(1)), MODIFY COLUMN supporting CODEC(ZSTD(1)), MODIFY COLUMN progress CODEC(ZSTD(1)), MODIFY COLUMN day CODEC(Delta, ZSTD(1));

