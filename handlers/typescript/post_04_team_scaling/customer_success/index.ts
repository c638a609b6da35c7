/** Namespace `customer_success`: a refund as the support team sees it. */

export { CheckRefundPolicyHandler } from './check_refund_policy_handler.js';
export { ExecuteRefundWorkflowHandler } from './execute_refund_workflow_handler.js';
export { GetManagerApprovalHandler } from './get_manager_approval_handler.js';
export { UpdateTicketStatusHandler } from './update_ticket_status_handler.js';
export { ValidateRefundRequestHandler } from './validate_refund_request_handler.js';
