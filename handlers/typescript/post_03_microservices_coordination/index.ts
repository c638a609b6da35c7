/** Post 03, namespace `microservices`: a user is registered by four services, two of them side by side. */

export { CreateUserAccountHandler } from './create_user_account_handler.js';
export { InitializePreferencesHandler } from './initialize_preferences_handler.js';
export { SendWelcomeSequenceHandler } from './send_welcome_sequence_handler.js';
export { SetupBillingProfileHandler } from './setup_billing_profile_handler.js';
export { UpdateUserStatusHandler } from './update_user_status_handler.js';
