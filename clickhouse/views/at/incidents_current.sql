-- Trạng thái sự cố đã biết | latest known state of every incident
SELECT * FROM {incidents i} ORDER BY state_at DESC, received_at DESC LIMIT 1 BY incident_code
