-- The series whose forecasts have not held of late, see v_forecast_health.
SELECT indicator, area, state, periods, toUInt32(ifNull(round(periods * (1 - coverage80 / 100)), 0)) AS outside
FROM v_forecast_health
WHERE state IN ('stopped', 'worse') AND ({indicator:String} = '' OR indicator = {indicator:String})
