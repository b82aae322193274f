-- Trạng thái hồ sơ đã biết | latest known status of every dossier
SELECT * FROM {dossiers d} ORDER BY status_at DESC, received_at DESC, status DESC LIMIT 1 BY dossier_code
