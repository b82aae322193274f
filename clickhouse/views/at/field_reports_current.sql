-- Trạng thái phản ánh đã biết | latest known state of every field report
SELECT * FROM {field_reports r} ORDER BY state_at DESC, received_at DESC LIMIT 1 BY report_code
