-- Ready views over the tables of a run, for `trialcriteria query`.

-- `trialcriteria query OUT` lists what can be asked, with the comments below. The tables themselves stand under their
-- own names (trials, criteria, constraints, mentions, numerals, and changes of a run with --since), and the records that
-- could not be read as quarantine.

-- Which limits bind every patient. Not every one does: a limit may hold under a condition, for one cohort, as one of
-- several alternatives, as an exception, or only for what it targets ("heart failure of NYHA class III"). And a value that
-- its measure cannot have ("haemoglobin ≥ 10 mg/dL") says that another was meant.
CREATE VIEW binding AS
WITH RECURSIVE alternatives AS (
    -- Criteria below "any of" that includes or "all of" that excludes: satisfying one of them suffices.
    SELECT child.trial_id, child.criterion_id
    FROM criteria AS child
    JOIN criteria AS parent ON parent.trial_id = child.trial_id AND parent.criterion_id = child.parent_id
    WHERE parent.children LIKE 'at_least:%'
        OR parent.children = CASE parent.section WHEN 'exclusion' THEN 'all' ELSE 'any' END
    UNION
    SELECT child.trial_id, child.criterion_id
    FROM criteria AS child
    JOIN alternatives AS parent ON parent.trial_id = child.trial_id AND parent.criterion_id = child.parent_id
)
SELECT
    limits.*,
    limits.eligible_operator IS NOT NULL
        AND limits.eligible_operator <> 'outside'
        AND len(limits.targets) = 0
        AND limits.condition IS NULL
        AND limits.condition_id IS NULL
        AND limits.exception_to IS NULL
        AND limits."group" IS NULL
        AND limits.plausible IS DISTINCT FROM false
        AND criteria.cohort IS NULL
        AND alternatives.criterion_id IS NULL AS binds
FROM constraints AS limits
LEFT JOIN criteria ON criteria.trial_id = limits.trial_id AND criteria.criterion_id = limits.criterion_id
LEFT JOIN alternatives
    ON alternatives.trial_id = limits.trial_id AND alternatives.criterion_id = limits.criterion_id;
COMMENT ON VIEW binding IS 'constraints, and whether each binds every patient by itself (binds)';

CREATE VIEW eligible_limits AS
WITH folded AS (
    SELECT
        trial_id,
        attribute,
        canonical_unit AS unit,
        min(kind) AS kind,
        -- Of two equal bounds, the one that leaves the number itself out is the tighter.
        max({'bound': eligible_low, 'strict': NOT eligible_low_inclusive}) FILTER (eligible_low IS NOT NULL) AS low,
        min({'bound': eligible_high, 'loose': eligible_high_inclusive}) FILTER (eligible_high IS NOT NULL) AS high,
        list_reduce(
            list(eligible_levels ORDER BY start, constraint_id) FILTER (eligible_levels IS NOT NULL),
            lambda met, these: list_filter(met, lambda level: list_contains(these, level))
        ) AS levels,
        min(confidence) AS confidence,
        list(constraint_id ORDER BY start, constraint_id) AS constraint_ids
    FROM binding
    WHERE attribute IS NOT NULL AND binds
    GROUP BY trial_id, attribute, canonical_unit
),
rest AS (
    -- What else is said of the attribute, and what lifts a limit that binds: it must be looked at, not folded.
    SELECT trial_id, attribute, min(kind) AS kind, list(DISTINCT id ORDER BY id) AS other_ids
    FROM (
        SELECT trial_id, attribute, kind, constraint_id AS id
        FROM binding
        WHERE attribute IS NOT NULL AND NOT binds AND requirement <> 'describe'
        UNION ALL
        SELECT lifted.trial_id, lifted.attribute, lifted.kind, lifting.id
        FROM binding AS lifted
        JOIN (
            SELECT trial_id, exception_to, mention_id AS id FROM mentions WHERE exception_to IS NOT NULL
            UNION ALL
            SELECT trial_id, exception_to, constraint_id FROM constraints WHERE exception_to IS NOT NULL
        ) AS lifting ON lifting.trial_id = lifted.trial_id AND lifting.exception_to = lifted.constraint_id
        WHERE lifted.attribute IS NOT NULL AND lifted.binds
    )
    GROUP BY trial_id, attribute
)
SELECT
    trial_id,
    attribute,
    coalesce(folded.kind, rest.kind) AS kind,
    CASE
        WHEN levels IS NOT NULL AND low IS NULL AND high IS NULL THEN 'in'
        WHEN low.bound = high.bound AND NOT low.strict AND high.loose THEN '='
        WHEN low IS NOT NULL AND high IS NOT NULL THEN 'between'
        WHEN low IS NOT NULL THEN if(low.strict, '>', '>=')
        WHEN high IS NOT NULL THEN if(high.loose, '<=', '<')
    END AS operator,
    low.bound AS low,
    high.bound AS high,
    NOT low.strict AS low_inclusive,
    high.loose AS high_inclusive,
    levels,
    unit,
    coalesce(low.bound > high.bound OR (low.bound = high.bound AND (low.strict OR NOT high.loose)), false)
        OR coalesce(len(levels) = 0, false) AS contradiction,
    confidence,
    coalesce(constraint_ids, []) AS constraint_ids,
    coalesce(other_ids, []) AS other_ids
FROM folded
FULL JOIN rest USING (trial_id, attribute);
COMMENT ON VIEW eligible_limits IS
'one row a trial and attribute (and unit, where limits are in several): the tightest limits that every patient must meet';
COMMENT ON COLUMN eligible_limits.operator IS 'what a patient must satisfy; null where no limit binds by itself';
COMMENT ON COLUMN eligible_limits.low IS 'the highest lower bound, in unit';
COMMENT ON COLUMN eligible_limits.high IS 'the lowest upper bound, in unit';
COMMENT ON COLUMN eligible_limits.low_inclusive IS 'the lower number itself is eligible';
COMMENT ON COLUMN eligible_limits.high_inclusive IS 'the upper number itself is eligible';
COMMENT ON COLUMN eligible_limits.levels IS 'the levels of a scale that meet every limit';
COMMENT ON COLUMN eligible_limits.unit IS 'the reporting unit; {ULN}, {predicted} … are multiples';
COMMENT ON COLUMN eligible_limits.contradiction IS 'nothing meets all limits: the text contradicts itself or was misread';
COMMENT ON COLUMN eligible_limits.confidence IS 'the lowest among the limits';
COMMENT ON COLUMN eligible_limits.constraint_ids IS 'the limits that were folded';
COMMENT ON COLUMN eligible_limits.other_ids IS
'what else is said: under a condition, for a cohort, as an alternative or exception, of a target, without a comparator, implausible';

-- The columns of `wide`, which a view must know beforehand.
CREATE TYPE attribute_name AS ENUM (SELECT DISTINCT attribute FROM constraints WHERE attribute IS NOT NULL ORDER BY 1);

CREATE VIEW wide AS
WITH cells AS (
    SELECT
        trial_id,
        attribute,
        concat_ws(
            ' ',
            string_agg(
                concat_ws(
                    ' ',
                    concat_ws(
                        ' and ',
                        'in ' || array_to_string(levels, ','),
                        if(low_inclusive, '>=', '>') || format(' {:.6g}', low),
                        if(high_inclusive, '<=', '<') || format(' {:.6g}', high)
                    ),
                    unit
                ),
                ' and ' ORDER BY unit
            ) FILTER (operator IS NOT NULL),
            format('(+{})', nullif(len(any_value(other_ids)), 0))
        ) AS cell
    FROM eligible_limits
    GROUP BY trial_id, attribute
),
pivoted AS (FROM (PIVOT cells ON attribute IN attribute_name USING first(cell) GROUP BY trial_id))
SELECT trials.trial_id, pivoted.* EXCLUDE (trial_id)
FROM trials
LEFT JOIN pivoted USING (trial_id);
COMMENT ON VIEW wide IS
'one row a trial, a column an attribute: its eligible_limits in words; (+2) says that two more rows are to be looked at';
