SELECT count(*) FROM ${visits} WHERE day = DATE '${run_date}' AND path IS NULL
