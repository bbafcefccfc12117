-- A day may be run again: what an earlier run wrote for it goes first.
DELETE FROM ${daily_visits} WHERE day = DATE '${run_date}';

INSERT INTO ${daily_visits}
SELECT DATE '${run_date}' AS day, page, count(*) AS views, count(DISTINCT visitor) AS visitors
FROM ${clicks}
WHERE day = '${run_date}'
GROUP BY page;
