-- What detectors learned of these series, the latest of each. States are bytes, so strings come as bytes here.
SELECT source, station, metric, newest, version, state
FROM detector_states FINAL
WHERE (source, station, metric) IN {keys:Array(Tuple(String, String, String))}
SETTINGS output_format_arrow_string_as_string = 0
