-- Số đo theo giờ của bốn ngày qua, tính lại từ số đo đã biết | readings by the hour of the last days, recomputed from what was known
SELECT * FROM {readings_hourly}
