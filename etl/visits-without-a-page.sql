SELECT count(*) FROM ${daily_visits} WHERE day = DATE '${run_date}' AND page IS NULL
