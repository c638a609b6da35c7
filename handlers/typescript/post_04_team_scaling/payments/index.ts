/** Namespace `payments`: a refund through the payment gateway, four steps in a row. */

export { NotifyCustomerHandler } from './notify_customer_handler.js';
export { ProcessGatewayRefundHandler } from './process_gateway_refund_handler.js';
export { UpdatePaymentRecordsHandler } from './update_payment_records_handler.js';
export { ValidatePaymentEligibilityHandler } from './validate_payment_eligibility_handler.js';
