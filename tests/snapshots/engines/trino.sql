-- count_events, every condition
WITH "t8" AS (
  SELECT
    "t4"."event_id",
    "t4"."side",
    "t4"."listed",
    "t4"."actor",
    "t7"."who"
  FROM "participants" AS "t4"
  INNER JOIN (
    SELECT
      "t3"."actor",
      "t3"."state" AS "who"
    FROM "actors" AS "t3"
  ) AS "t7"
    ON "t4"."actor" = "t7"."actor"
)
SELECT
  COUNT(*) AS "events"
FROM (
  SELECT
    *
  FROM "events" AS "t0"
  WHERE
    "t0"."event_type" IN ('AID')
    AND "t0"."quad_class" IN (2)
    AND "t0"."realis" IN ('actual')
    AND (
      (
        "t0"."start_day" <= FROM_ISO8601_DATE('2020-03-01')
      )
      OR (
        "t0"."start_day" IS NULL
      )
    )
    AND (
      (
        "t0"."end_day" >= FROM_ISO8601_DATE('2020-03-01')
      )
      OR (
        "t0"."end_day" IS NULL
      )
    )
    AND (
      (
        "t0"."start_day" IS NOT NULL
      ) OR (
        "t0"."end_day" IS NOT NULL
      )
    )
    AND "t0"."confidence" >= CAST(0.5 AS DOUBLE)
    AND "t0"."contested"
    AND "t0"."event_id" IN (
      SELECT
        "t12"."event_id"
      FROM (
        SELECT
          "t9"."event_id",
          "t9"."who"
        FROM "t8" AS "t9"
        WHERE
          "t9"."who" IN (1, 2) AND "t9"."side" = 'source'
      ) AS "t12"
      INNER JOIN (
        SELECT
          "t9"."event_id" AS "event",
          "t9"."who" AS "whom"
        FROM "t8" AS "t9"
        WHERE
          "t9"."who" IN (1, 2) AND "t9"."side" = 'target'
      ) AS "t13"
        ON "t12"."event_id" = "t13"."event" AND "t12"."who" <> "t13"."whom"
    )
    AND "t0"."event_id" IN (
      SELECT
        "t1"."event_id"
      FROM "outlets" AS "t1"
      WHERE
        "t1"."publisher" IN (1)
    )
) AS "t15";

-- count_events, source
SELECT
  COUNT(*) AS "events"
FROM (
  SELECT
    *
  FROM "events" AS "t0"
  WHERE
    "t0"."event_id" IN (
      SELECT
        "t1"."event_id"
      FROM "participants" AS "t1"
      WHERE
        "t1"."actor" IN (1) AND "t1"."side" = 'source'
    )
) AS "t3";

-- select_events
SELECT
  *
FROM "events" AS "t0"
ORDER BY
  "t0"."start_day" DESC,
  "t0"."event_id" DESC
OFFSET 100
LIMIT 50;
SELECT
  "t0"."event_id",
  "t0"."side",
  "t0"."listed",
  "t0"."actor",
  "t0"."actor" AS "who"
FROM "participants" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."side" ASC,
  "t0"."listed" ASC;
SELECT
  *
FROM "outlets" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."listed" ASC;

-- select_events, oldest
SELECT
  *
FROM "events" AS "t0"
ORDER BY
  "t0"."start_day" ASC,
  "t0"."event_id" ASC
LIMIT 50;
SELECT
  "t0"."event_id",
  "t0"."side",
  "t0"."listed",
  "t0"."actor",
  "t0"."actor" AS "who"
FROM "participants" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."side" ASC,
  "t0"."listed" ASC;
SELECT
  *
FROM "outlets" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."listed" ASC;

-- select_events, reports
SELECT
  *
FROM "events" AS "t0"
ORDER BY
  "t0"."reports" DESC,
  "t0"."start_day" DESC,
  "t0"."event_id" DESC
LIMIT 50;
SELECT
  "t0"."event_id",
  "t0"."side",
  "t0"."listed",
  "t0"."actor",
  "t0"."actor" AS "who"
FROM "participants" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."side" ASC,
  "t0"."listed" ASC;
SELECT
  *
FROM "outlets" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."listed" ASC;

-- select_events_at
SELECT
  *
FROM "events" AS "t0"
WHERE
  "t0"."place" = 7
ORDER BY
  "t0"."start_day" DESC,
  "t0"."event_id" DESC
LIMIT 200;
SELECT
  "t0"."event_id",
  "t0"."side",
  "t0"."listed",
  "t0"."actor",
  "t0"."actor" AS "who"
FROM "participants" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."side" ASC,
  "t0"."listed" ASC;
SELECT
  *
FROM "outlets" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."listed" ASC;

-- select_points
SELECT
  "t0"."event_id",
  "t0"."quad_class",
  "t0"."reports",
  "t0"."realis",
  "t0"."start_day" AS "first",
  "t0"."end_day" AS "last"
FROM "events" AS "t0"
ORDER BY
  "t0"."start_day" DESC,
  "t0"."event_id" DESC
LIMIT 10000;
SELECT DISTINCT
  "t6"."event_id",
  "t6"."side",
  "t6"."who"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."event_id",
      "t0"."side",
      "t0"."listed",
      "t0"."actor",
      "t0"."actor" AS "who"
    FROM "participants" AS "t0"
  ) AS "t2"
  WHERE
    "t2"."event_id" IN (
      SELECT
        "t4"."event_id"
      FROM (
        SELECT
          "t1"."event_id",
          "t1"."quad_class",
          "t1"."reports",
          "t1"."realis",
          "t1"."start_day" AS "first",
          "t1"."end_day" AS "last"
        FROM "events" AS "t1"
        ORDER BY
          "t1"."start_day" DESC,
          "t1"."event_id" DESC
        LIMIT 10000
      ) AS "t4"
    )
) AS "t6";

-- count_lanes
SELECT
  "t6"."who",
  "t6"."day",
  COUNT(*) AS "events"
FROM (
  SELECT
    "t5"."event_id",
    "t5"."day",
    "t4"."who"
  FROM (
    SELECT
      "t0"."event_id",
      COALESCE("t0"."start_day", "t0"."end_day") AS "day"
    FROM "events" AS "t0"
    WHERE
      COALESCE("t0"."start_day", "t0"."end_day") IS NOT NULL
  ) AS "t5"
  INNER JOIN (
    SELECT DISTINCT
      "t1"."event_id",
      "t1"."actor" AS "who"
    FROM "participants" AS "t1"
    WHERE
      "t1"."actor" IN (1, 2)
  ) AS "t4"
    ON "t5"."event_id" = "t4"."event_id"
) AS "t6"
GROUP BY
  1,
  2;

-- count_per_bin
SELECT
  "t1"."quad_class",
  COALESCE("t1"."start_day", "t1"."end_day") AS "first",
  COALESCE("t1"."end_day", "t1"."start_day") AS "last",
  COUNT(*) AS "events"
FROM (
  SELECT
    *
  FROM "events" AS "t0"
  WHERE
    (
      "t0"."start_day" IS NOT NULL
    ) OR (
      "t0"."end_day" IS NOT NULL
    )
) AS "t1"
GROUP BY
  1,
  2,
  3;

-- count_per_bin, published
SELECT
  "t1"."quad_class",
  "t1"."published" AS "first",
  "t1"."published" AS "last",
  COUNT(*) AS "events"
FROM (
  SELECT
    *
  FROM "events" AS "t0"
  WHERE
    "t0"."published" IS NOT NULL
) AS "t1"
GROUP BY
  1,
  2,
  3;

-- rank_actors
SELECT
  *
FROM (
  SELECT
    "t9"."who",
    COUNT(*) AS "events",
    SUM("t9"."as_source") AS "as_source",
    SUM("t9"."as_target") AS "as_target"
  FROM (
    SELECT
      "t8"."event_id",
      "t8"."who",
      MAX(IF("t8"."side" = 'source', 1, 0)) AS "as_source",
      MAX(IF("t8"."side" = 'target', 1, 0)) AS "as_target"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t3"."event_id",
          "t3"."side",
          "t3"."listed",
          "t3"."actor",
          "t6"."who"
        FROM "participants" AS "t3"
        INNER JOIN (
          SELECT
            "t2"."actor",
            "t2"."state" AS "who"
          FROM "actors" AS "t2"
        ) AS "t6"
          ON "t3"."actor" = "t6"."actor"
      ) AS "t7"
      WHERE
        "t7"."event_id" IN (
          SELECT
            "t1"."event_id"
          FROM "events" AS "t1"
        )
    ) AS "t8"
    GROUP BY
      1,
      2
  ) AS "t9"
  GROUP BY
    1
) AS "t10"
ORDER BY
  "t10"."events" DESC,
  "t10"."who" ASC
LIMIT 200;

-- count_dyads
SELECT
  *
FROM (
  SELECT
    "t5"."who",
    COUNT(*) AS "events",
    SUM("t5"."as_source") AS "as_source",
    SUM("t5"."as_target") AS "as_target"
  FROM (
    SELECT
      "t4"."event_id",
      "t4"."who",
      MAX(IF("t4"."side" = 'source', 1, 0)) AS "as_source",
      MAX(IF("t4"."side" = 'target', 1, 0)) AS "as_target"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t0"."event_id",
          "t0"."side",
          "t0"."listed",
          "t0"."actor",
          "t0"."actor" AS "who"
        FROM "participants" AS "t0"
      ) AS "t2"
      WHERE
        "t2"."event_id" IN (
          SELECT
            "t1"."event_id"
          FROM "events" AS "t1"
        )
    ) AS "t4"
    GROUP BY
      1,
      2
  ) AS "t5"
  GROUP BY
    1
) AS "t6"
ORDER BY
  "t6"."events" DESC,
  "t6"."who" ASC
LIMIT 200;
SELECT
  "t8"."source",
  "t8"."target",
  "t8"."quad_class",
  COUNT(*) AS "events",
  AVG("t8"."goldstein") AS "goldstein",
  SUM("t8"."reports") AS "reports",
  SUM("t8"."disputed") AS "contested",
  MIN("t8"."first") AS "first",
  MAX("t8"."last") AS "last"
FROM (
  SELECT DISTINCT
    "t7"."event",
    "t7"."source",
    "t7"."target",
    "t7"."quad_class",
    "t7"."goldstein",
    "t7"."reports",
    IF("t7"."contested", 1, 0) AS "disputed",
    COALESCE("t7"."start_day", "t7"."end_day") AS "first",
    COALESCE("t7"."end_day", "t7"."start_day") AS "last"
  FROM (
    SELECT
      "t5"."event_id",
      "t5"."source",
      "t5"."one",
      "t6"."event",
      "t6"."target",
      "t6"."other",
      "t2"."start_day",
      "t2"."end_day",
      "t2"."published",
      "t2"."date_precision",
      "t2"."date_basis",
      "t2"."event_type",
      "t2"."quad_class",
      "t2"."goldstein",
      "t2"."realis",
      "t2"."confidence",
      "t2"."reports",
      "t2"."publishers",
      "t2"."contested",
      "t2"."corrected",
      "t2"."reviewed",
      "t2"."sources",
      "t2"."targets",
      "t2"."place",
      "t2"."place_name",
      "t2"."place_country",
      "t2"."latitude",
      "t2"."longitude",
      "t2"."url"
    FROM (
      SELECT
        "t0"."event_id",
        "t0"."actor" AS "source",
        "t0"."actor" AS "one"
      FROM "participants" AS "t0"
      WHERE
        "t0"."actor" IN (1) AND "t0"."side" = 'source'
    ) AS "t5"
    INNER JOIN (
      SELECT
        "t0"."event_id" AS "event",
        "t0"."actor" AS "target",
        "t0"."actor" AS "other"
      FROM "participants" AS "t0"
      WHERE
        "t0"."actor" IN (1) AND "t0"."side" = 'target'
    ) AS "t6"
      ON "t5"."event_id" = "t6"."event"
    INNER JOIN "events" AS "t2"
      ON "t6"."event" = "t2"."event_id"
  ) AS "t7"
  WHERE
    (
      "t7"."one" <> "t7"."other"
    )
    OR (
      (
        "t7"."sources" = 1
      ) AND (
        "t7"."targets" = 1
      )
    )
) AS "t8"
GROUP BY
  1,
  2,
  3;

-- count_places
SELECT
  *
FROM (
  SELECT
    "t1"."place",
    "t1"."quad_class",
    MIN("t1"."place_name") AS "name",
    MIN("t1"."place_country") AS "country",
    MIN("t1"."latitude") AS "latitude",
    MIN("t1"."longitude") AS "longitude",
    COUNT(*) AS "events"
  FROM (
    SELECT
      *
    FROM "events" AS "t0"
    WHERE
      "t0"."place" IS NOT NULL
  ) AS "t1"
  GROUP BY
    1,
    2
) AS "t2"
ORDER BY
  "t2"."place" ASC,
  "t2"."quad_class" ASC;

-- list_values
SELECT
  "t0"."event_type",
  "t0"."quad_class",
  "t0"."realis",
  COUNT(*) AS "events",
  MIN(COALESCE("t0"."start_day", "t0"."end_day")) AS "first",
  MAX(COALESCE("t0"."end_day", "t0"."start_day")) AS "last",
  SUM(IF("t0"."contested", 1, 0)) AS "contested",
  SUM(IF((
    "t0"."start_day" IS NULL
  ) AND (
    "t0"."end_day" IS NULL
  ), 1, 0)) AS "undated"
FROM "events" AS "t0"
GROUP BY
  1,
  2,
  3;
SELECT
  *
FROM (
  SELECT
    "t0"."publisher",
    COUNT(*) AS "events"
  FROM "outlets" AS "t0"
  GROUP BY
    1
) AS "t1"
ORDER BY
  "t1"."events" DESC,
  "t1"."publisher" ASC
LIMIT 1000;

-- read_evidence
SELECT
  *
FROM "events" AS "t0"
WHERE
  "t0"."event_id" = 255
LIMIT 1;
SELECT
  "t0"."event_id",
  "t0"."side",
  "t0"."listed",
  "t0"."actor",
  "t0"."actor" AS "who"
FROM "participants" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."side" ASC,
  "t0"."listed" ASC;
SELECT
  *
FROM "outlets" AS "t0"
WHERE
  "t0"."event_id" IN (255)
ORDER BY
  "t0"."event_id" ASC,
  "t0"."listed" ASC;
