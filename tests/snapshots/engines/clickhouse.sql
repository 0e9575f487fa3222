-- count_events, every condition
WITH "t8" AS (
  SELECT
    "t4"."event_id" AS "event_id",
    "t4"."side" AS "side",
    "t4"."listed" AS "listed",
    "t4"."actor" AS "actor",
    "t7"."who" AS "who"
  FROM "participants" AS "t4"
  INNER JOIN (
    SELECT
      "t3"."actor" AS "actor",
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
        "t0"."start_day" <= toDate('2020-03-01')
      ) OR isNull("t0"."start_day")
    )
    AND (
      (
        "t0"."end_day" >= toDate('2020-03-01')
      ) OR isNull("t0"."end_day")
    )
    AND (
      isNotNull("t0"."start_day") OR isNotNull("t0"."end_day")
    )
    AND "t0"."confidence" >= 0.5
    AND "t0"."contested"
    AND CAST("t0"."event_id" IN (
      SELECT
        "t12"."event_id" AS "event_id"
      FROM (
        SELECT
          "t9"."event_id" AS "event_id",
          "t9"."who" AS "who"
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
    ) AS Nullable(Bool))
    AND CAST("t0"."event_id" IN (
      SELECT
        "t1"."event_id" AS "event_id"
      FROM "outlets" AS "t1"
      WHERE
        "t1"."publisher" IN (1)
    ) AS Nullable(Bool))
) AS "t15";

-- count_events, source
SELECT
  COUNT(*) AS "events"
FROM (
  SELECT
    *
  FROM "events" AS "t0"
  WHERE
    CAST("t0"."event_id" IN (
      SELECT
        "t1"."event_id" AS "event_id"
      FROM "participants" AS "t1"
      WHERE
        "t1"."actor" IN (1) AND "t1"."side" = 'source'
    ) AS Nullable(Bool))
) AS "t3";

-- select_events
SELECT
  *
FROM "events" AS "t0"
ORDER BY
  "t0"."start_day" DESC,
  "t0"."event_id" DESC
LIMIT 50
OFFSET 100;
SELECT
  "t0"."event_id" AS "event_id",
  "t0"."side" AS "side",
  "t0"."listed" AS "listed",
  "t0"."actor" AS "actor",
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
  "t0"."event_id" AS "event_id",
  "t0"."side" AS "side",
  "t0"."listed" AS "listed",
  "t0"."actor" AS "actor",
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
  "t0"."event_id" AS "event_id",
  "t0"."side" AS "side",
  "t0"."listed" AS "listed",
  "t0"."actor" AS "actor",
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
  "t0"."event_id" AS "event_id",
  "t0"."side" AS "side",
  "t0"."listed" AS "listed",
  "t0"."actor" AS "actor",
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
  "t0"."event_id" AS "event_id",
  "t0"."quad_class" AS "quad_class",
  "t0"."reports" AS "reports",
  "t0"."realis" AS "realis",
  "t0"."start_day" AS "first",
  "t0"."end_day" AS "last"
FROM "events" AS "t0"
ORDER BY
  "t0"."start_day" DESC,
  "t0"."event_id" DESC
LIMIT 10000;
SELECT DISTINCT
  "t6"."event_id" AS "event_id",
  "t6"."side" AS "side",
  "t6"."who" AS "who"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t0"."event_id" AS "event_id",
      "t0"."side" AS "side",
      "t0"."listed" AS "listed",
      "t0"."actor" AS "actor",
      "t0"."actor" AS "who"
    FROM "participants" AS "t0"
  ) AS "t2"
  WHERE
    CAST("t2"."event_id" IN (
      SELECT
        "t4"."event_id" AS "event_id"
      FROM (
        SELECT
          "t1"."event_id" AS "event_id",
          "t1"."quad_class" AS "quad_class",
          "t1"."reports" AS "reports",
          "t1"."realis" AS "realis",
          "t1"."start_day" AS "first",
          "t1"."end_day" AS "last"
        FROM "events" AS "t1"
        ORDER BY
          "t1"."start_day" DESC,
          "t1"."event_id" DESC
        LIMIT 10000
      ) AS "t4"
    ) AS Nullable(Bool))
) AS "t6";

-- count_lanes
SELECT
  "t6"."who" AS "who",
  "t6"."day" AS "day",
  COUNT(*) AS "events"
FROM (
  SELECT
    "t5"."event_id" AS "event_id",
    "t5"."day" AS "day",
    "t4"."who" AS "who"
  FROM (
    SELECT
      "t0"."event_id" AS "event_id",
      COALESCE("t0"."start_day", "t0"."end_day") AS "day"
    FROM "events" AS "t0"
    WHERE
      isNotNull(COALESCE("t0"."start_day", "t0"."end_day"))
  ) AS "t5"
  INNER JOIN (
    SELECT DISTINCT
      "t1"."event_id" AS "event_id",
      "t1"."actor" AS "who"
    FROM "participants" AS "t1"
    WHERE
      "t1"."actor" IN (1, 2)
  ) AS "t4"
    ON "t5"."event_id" = "t4"."event_id"
) AS "t6"
GROUP BY
  "t6"."who",
  "t6"."day";

-- count_per_bin
SELECT
  "t1"."quad_class" AS "quad_class",
  COALESCE("t1"."start_day", "t1"."end_day") AS "first",
  COALESCE("t1"."end_day", "t1"."start_day") AS "last",
  COUNT(*) AS "events"
FROM (
  SELECT
    *
  FROM "events" AS "t0"
  WHERE
    isNotNull("t0"."start_day") OR isNotNull("t0"."end_day")
) AS "t1"
GROUP BY
  "t1"."quad_class",
  COALESCE("t1"."start_day", "t1"."end_day"),
  COALESCE("t1"."end_day", "t1"."start_day");

-- count_per_bin, published
SELECT
  "t1"."quad_class" AS "quad_class",
  "t1"."published" AS "first",
  "t1"."published" AS "last",
  COUNT(*) AS "events"
FROM (
  SELECT
    *
  FROM "events" AS "t0"
  WHERE
    isNotNull("t0"."published")
) AS "t1"
GROUP BY
  "t1"."quad_class",
  "t1"."published",
  "t1"."published";

-- rank_actors
SELECT
  *
FROM (
  SELECT
    "t9"."who" AS "who",
    COUNT(*) AS "events",
    SUM("t9"."as_source") AS "as_source",
    SUM("t9"."as_target") AS "as_target"
  FROM (
    SELECT
      "t8"."event_id" AS "event_id",
      "t8"."who" AS "who",
      MAX(CASE WHEN "t8"."side" = 'source' THEN 1 ELSE 0 END) AS "as_source",
      MAX(CASE WHEN "t8"."side" = 'target' THEN 1 ELSE 0 END) AS "as_target"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t3"."event_id" AS "event_id",
          "t3"."side" AS "side",
          "t3"."listed" AS "listed",
          "t3"."actor" AS "actor",
          "t6"."who" AS "who"
        FROM "participants" AS "t3"
        INNER JOIN (
          SELECT
            "t2"."actor" AS "actor",
            "t2"."state" AS "who"
          FROM "actors" AS "t2"
        ) AS "t6"
          ON "t3"."actor" = "t6"."actor"
      ) AS "t7"
      WHERE
        CAST("t7"."event_id" IN (
          SELECT
            "t1"."event_id" AS "event_id"
          FROM "events" AS "t1"
        ) AS Nullable(Bool))
    ) AS "t8"
    GROUP BY
      "t8"."event_id",
      "t8"."who"
  ) AS "t9"
  GROUP BY
    "t9"."who"
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
    "t5"."who" AS "who",
    COUNT(*) AS "events",
    SUM("t5"."as_source") AS "as_source",
    SUM("t5"."as_target") AS "as_target"
  FROM (
    SELECT
      "t4"."event_id" AS "event_id",
      "t4"."who" AS "who",
      MAX(CASE WHEN "t4"."side" = 'source' THEN 1 ELSE 0 END) AS "as_source",
      MAX(CASE WHEN "t4"."side" = 'target' THEN 1 ELSE 0 END) AS "as_target"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t0"."event_id" AS "event_id",
          "t0"."side" AS "side",
          "t0"."listed" AS "listed",
          "t0"."actor" AS "actor",
          "t0"."actor" AS "who"
        FROM "participants" AS "t0"
      ) AS "t2"
      WHERE
        CAST("t2"."event_id" IN (
          SELECT
            "t1"."event_id" AS "event_id"
          FROM "events" AS "t1"
        ) AS Nullable(Bool))
    ) AS "t4"
    GROUP BY
      "t4"."event_id",
      "t4"."who"
  ) AS "t5"
  GROUP BY
    "t5"."who"
) AS "t6"
ORDER BY
  "t6"."events" DESC,
  "t6"."who" ASC
LIMIT 200;
SELECT
  "t8"."source" AS "source",
  "t8"."target" AS "target",
  "t8"."quad_class" AS "quad_class",
  COUNT(*) AS "events",
  AVG("t8"."goldstein") AS "goldstein",
  SUM("t8"."reports") AS "reports",
  SUM("t8"."disputed") AS "contested",
  MIN("t8"."first") AS "first",
  MAX("t8"."last") AS "last"
FROM (
  SELECT DISTINCT
    "t7"."event" AS "event",
    "t7"."source" AS "source",
    "t7"."target" AS "target",
    "t7"."quad_class" AS "quad_class",
    "t7"."goldstein" AS "goldstein",
    "t7"."reports" AS "reports",
    CASE WHEN "t7"."contested" THEN 1 ELSE 0 END AS "disputed",
    COALESCE("t7"."start_day", "t7"."end_day") AS "first",
    COALESCE("t7"."end_day", "t7"."start_day") AS "last"
  FROM (
    SELECT
      "t5"."event_id" AS "event_id",
      "t5"."source" AS "source",
      "t5"."one" AS "one",
      "t6"."event" AS "event",
      "t6"."target" AS "target",
      "t6"."other" AS "other",
      "t2"."start_day" AS "start_day",
      "t2"."end_day" AS "end_day",
      "t2"."published" AS "published",
      "t2"."date_precision" AS "date_precision",
      "t2"."date_basis" AS "date_basis",
      "t2"."event_type" AS "event_type",
      "t2"."quad_class" AS "quad_class",
      "t2"."goldstein" AS "goldstein",
      "t2"."realis" AS "realis",
      "t2"."confidence" AS "confidence",
      "t2"."reports" AS "reports",
      "t2"."publishers" AS "publishers",
      "t2"."contested" AS "contested",
      "t2"."corrected" AS "corrected",
      "t2"."reviewed" AS "reviewed",
      "t2"."sources" AS "sources",
      "t2"."targets" AS "targets",
      "t2"."place" AS "place",
      "t2"."place_name" AS "place_name",
      "t2"."place_country" AS "place_country",
      "t2"."latitude" AS "latitude",
      "t2"."longitude" AS "longitude",
      "t2"."url" AS "url"
    FROM (
      SELECT
        "t0"."event_id" AS "event_id",
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
  "t8"."source",
  "t8"."target",
  "t8"."quad_class";

-- count_places
SELECT
  *
FROM (
  SELECT
    "t1"."place" AS "place",
    "t1"."quad_class" AS "quad_class",
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
      isNotNull("t0"."place")
  ) AS "t1"
  GROUP BY
    "t1"."place",
    "t1"."quad_class"
) AS "t2"
ORDER BY
  "t2"."place" ASC,
  "t2"."quad_class" ASC;

-- list_values
SELECT
  "t0"."event_type" AS "event_type",
  "t0"."quad_class" AS "quad_class",
  "t0"."realis" AS "realis",
  COUNT(*) AS "events",
  MIN(COALESCE("t0"."start_day", "t0"."end_day")) AS "first",
  MAX(COALESCE("t0"."end_day", "t0"."start_day")) AS "last",
  SUM(CASE WHEN "t0"."contested" THEN 1 ELSE 0 END) AS "contested",
  SUM(CASE WHEN isNull("t0"."start_day") AND isNull("t0"."end_day") THEN 1 ELSE 0 END) AS "undated"
FROM "events" AS "t0"
GROUP BY
  "t0"."event_type",
  "t0"."quad_class",
  "t0"."realis";
SELECT
  *
FROM (
  SELECT
    "t0"."publisher" AS "publisher",
    COUNT(*) AS "events"
  FROM "outlets" AS "t0"
  GROUP BY
    "t0"."publisher"
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
  "t0"."event_id" AS "event_id",
  "t0"."side" AS "side",
  "t0"."listed" AS "listed",
  "t0"."actor" AS "actor",
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
