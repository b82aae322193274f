-- Cơ quan theo thời gian hiệu lực | agencies with the time they are valid
SELECT id, name, short, name_en, area, plan_unit, valid_from, valid_to
FROM {dim_agencies}
