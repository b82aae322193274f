-- Thái độ báo chí theo cơ quan và ngày, độ tin cậy trung bình | press stance by agency and day, mean confidence
SELECT
    d.day AS day, d.agency AS agency, if(g.short = '', d.agency, g.short) AS agency_name, d.stance AS stance,
    d.posts AS posts, d.confidence / d.posts AS confidence
FROM (SELECT * FROM {stances_daily} WHERE posts > 0) AS d
LEFT JOIN (SELECT id, short FROM {dim_agencies}) AS g ON g.id = d.agency
