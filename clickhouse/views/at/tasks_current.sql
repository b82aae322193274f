-- Trạng thái nhiệm vụ đã biết | latest known status of every task
SELECT * FROM {tasks t} ORDER BY status_at DESC, received_at DESC LIMIT 1 BY task_code
