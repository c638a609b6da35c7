/** `data_pipeline/generate_insights`: puts the figures into words and gives the business a score. */

import type { StepContext, StepHandlerResult } from '@tasker-systems/tasker';

import { CheckedHandler, Field, floatText, numberText, permanent, round2, utcStamp } from '../support/index.js';
import { numberOrZero, quotient } from './records.js';

const SOURCE = 'aggregate_metrics';

const HEALTHY_REVENUE_PER_CUSTOMER = 500;
const HEALTHY_LIFETIME_VALUE = 3000;
const MAX_SCORE = 100;

interface Metrics {
  readonly revenue: number;
  readonly customers: number;
  readonly revenuePerCustomer: number;
  readonly alerts: number;
  /** For each customer; undefined where there are none. */
  readonly lifetimeValue: number | undefined;
}

interface Insight {
  readonly category: string;
  readonly finding: string;
  readonly metric: number;
  readonly recommendation: string;
}

interface HealthScore {
  readonly score: number;
  readonly max_score: number;
  readonly rating: string;
}

export class GenerateInsightsHandler extends CheckedHandler {
  static override handlerName = 'data_pipeline/generate_insights';

  protected override handle(context: StepContext): StepHandlerResult {
    const aggregate = Field.dependency(context, SOURCE).objectIfTruthy();
    if (!aggregate.isTruthy()) {
      throw permanent('MISSING_AGGREGATE_RESULTS', 'aggregated metrics are missing');
    }
    const metrics = readMetrics(aggregate);
    const insights = findInsights(metrics);
    const now = utcStamp(new Date());

    return this.success(
      {
        insights,
        health_score: healthScore(metrics),
        total_metrics_analyzed: Object.keys(aggregate.value as object).length,
        pipeline_complete: true,
        generated_at: now,
      },
      {
        operation: 'generate_insights',
        source_step: SOURCE,
        insights_generated: insights.length,
        generated_at: now,
        handler_class: 'DataPipeline::StepHandlers::GenerateInsightsHandler',
      },
    );
  }
}

function readMetrics(aggregate: Field): Metrics {
  const revenue = numberOrZero(aggregate.get('total_revenue'));
  const customers = numberOrZero(aggregate.get('total_customers'));
  const revenuePerCustomer = numberOrZero(aggregate.get('revenue_per_customer'));
  const alerts = numberOrZero(aggregate.get('inventory_reorder_alerts'));
  const total = numberOrZero(aggregate.get('total_customer_lifetime_value'));
  const lifetimeValue = customers > 0 ? quotient(total, aggregate.get('total_customers')) : undefined;
  return { revenue, customers, revenuePerCustomer, alerts, lifetimeValue };
}

function findInsights(metrics: Metrics): readonly Insight[] {
  const insights: Insight[] = [];
  if (metrics.revenue > 0) {
    const isLow = metrics.revenuePerCustomer < HEALTHY_REVENUE_PER_CUSTOMER;
    insights.push({
      category: 'Revenue',
      finding: `Total revenue of $${numberText(metrics.revenue)} with ${numberText(metrics.customers)} customers`,
      metric: metrics.revenuePerCustomer,
      recommendation: isLow ? 'Consider upselling strategies' : 'Customer spend is healthy',
    });
  }
  insights.push(
    metrics.alerts > 0
      ? {
          category: 'Inventory',
          finding: `${numberText(metrics.alerts)} products need reordering`,
          metric: metrics.alerts,
          recommendation: 'Review reorder points and place purchase orders',
        }
      : {
          category: 'Inventory',
          finding: 'All products above reorder points',
          metric: 0,
          recommendation: 'Inventory levels are healthy',
        },
  );
  const average = metrics.lifetimeValue;
  insights.push({
    category: 'Customer Value',
    finding: `Average customer lifetime value: $${average === undefined ? '0' : floatText(round2(average))}`,
    metric: average ?? 0,
    recommendation: hasValuableCustomers(metrics) ? 'Focus on retention programs' : 'Increase customer engagement',
  });
  return insights;
}

function hasValuableCustomers(metrics: Metrics): boolean {
  return metrics.lifetimeValue !== undefined && metrics.lifetimeValue > HEALTHY_LIFETIME_VALUE;
}

function healthScore(metrics: Metrics): HealthScore {
  const score =
    (metrics.revenuePerCustomer > HEALTHY_REVENUE_PER_CUSTOMER ? 40 : 0) +
    (metrics.alerts === 0 ? 30 : 0) +
    (hasValuableCustomers(metrics) ? 30 : 0);
  return { score, max_score: MAX_SCORE, rating: rating(score) };
}

function rating(score: number): string {
  if (score >= 80) {
    return 'Excellent';
  }
  if (score >= 60) {
    return 'Good';
  }
  return score >= 40 ? 'Fair' : 'Needs Improvement';
}
