-- A day may be run again: what an earlier run wrote for it goes first.
DELETE FROM ${visits} WHERE day = DATE '${run_date}';

INSERT INTO ${visits}
SELECT path, count(DISTINCT user_id) AS visitors, count(*) AS views, DATE '${run_date}' AS day
FROM ${clicks}
WHERE day = '${run_date}'
GROUP BY path;
