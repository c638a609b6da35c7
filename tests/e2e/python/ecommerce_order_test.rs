//! The checkout in Python.

end_to_end!(
    Python,
    ecommerce_order:
    a_paid_order_is_confirmed,
    every_step_is_handed_the_results_of_all_its_ancestors,
    a_product_that_is_not_on_sale_ends_the_order,
    a_short_stock_is_tried_again_until_the_attempts_are_used_up,
    a_declined_card_ends_the_order,
    a_network_error_is_tried_again_until_the_attempts_are_used_up,
    an_amount_that_is_not_the_total_is_refused,
    an_order_without_a_mail_address_fails_at_its_last_step,
    a_value_of_the_wrong_type_is_named,
    an_order_survives_an_outage_of_the_payment_service,
    an_outage_that_lasts_fails_the_order,
);
