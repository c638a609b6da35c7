//! The registration of a user in TypeScript.

end_to_end!(
    TypeScript,
    microservices_coordination:
    a_new_user_on_a_paid_plan_is_billed_and_welcomed,
    a_free_user_needs_no_billing,
    an_enterprise_user_hears_on_three_channels,
    a_user_who_wants_no_mail_gets_none,
    a_known_user_with_the_same_data_goes_on,
    every_refusal_of_an_account_ends_the_registration,
    billing_and_preferences_run_at_the_same_time,
    the_welcome_waits_for_both_and_is_handed_both,
    an_outage_that_lasts_skips_the_welcome,
);
