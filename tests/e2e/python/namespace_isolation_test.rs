//! Refunds in two namespaces in Python.

end_to_end!(
    Python,
    namespace_isolation:
    two_workflows_of_one_name_never_meet,
    a_handler_of_one_namespace_is_not_found_in_the_other,
    a_refund_is_delegated_to_the_payments_team,
    a_delegated_refund_fails_by_itself,
    a_refund_without_an_address_is_delegated_with_a_default_one,
    every_refusal_of_customer_success_ends_the_request,
    an_approval_that_is_pending_is_not_asked_for_again,
    every_refusal_of_payments_ends_the_refund,
    an_outage_of_the_gateway_is_survived,
);
