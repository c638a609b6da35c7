/** Post 04: a refund between two teams, each with a namespace of its own. */

export * from './customer_success/index.js';
export * from './payments/index.js';
