-- Orders as they are now, made of the exports of the week before ${run_date} and since: of each order the last that is
-- known of it. A week, so that an export that came late is taken too. Running it again, or for an earlier day, ends in
-- the same table.
MERGE INTO ${current_orders} AS known
USING (
  SELECT customer, order_id, total, is_deleted
  FROM (
    SELECT
      customer,
      order_id,
      total,
      is_deleted,
      row_number() OVER (PARTITION BY customer, order_id ORDER BY exported_until DESC, written_at DESC) AS place
    FROM (
      -- A full export has the items, an export of changes their keys and what is left of them.
      SELECT
        coalesce(item.customer.s, keys.customer.s) AS customer,
        coalesce(item."order".s, keys."order".s) AS order_id,
        CAST(coalesce(item.total.n, newimage.total.n) AS decimal(18, 2)) AS total,
        export_kind = 'changes' AND newimage IS NULL AS is_deleted,
        exported_until,
        CAST(metadata.writetimestampmicros.n AS bigint) AS written_at
      FROM ${orders}
      WHERE exported_until >= CAST(DATE '${run_date}' - INTERVAL '7' DAY AS varchar)
    )
  )
  WHERE place = 1
) AS news
ON known.customer = news.customer AND known.order_id = news.order_id
WHEN MATCHED AND news.is_deleted THEN DELETE
WHEN MATCHED THEN UPDATE SET total = news.total
WHEN NOT MATCHED AND NOT news.is_deleted
  THEN INSERT (customer, order_id, total) VALUES (news.customer, news.order_id, news.total);
