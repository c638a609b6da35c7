//! The analytics pipeline in TypeScript.

end_to_end!(
    TypeScript,
    data_pipeline:
    the_pipeline_ends_in_insights,
    the_date_range_filters_nothing,
    the_three_extracts_run_at_the_same_time,
    the_three_transforms_run_at_the_same_time,
    the_aggregate_is_handed_all_three_branches,
    the_aggregate_waits_for_the_slowest_branch,
    a_branch_that_fails_ends_the_pipeline_and_the_others_still_run,
);
