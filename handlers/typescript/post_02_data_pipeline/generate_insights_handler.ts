/** `data_pipeline/generate_insights`: puts the figures into words and gives the business a score. */

import { logInfo, PermanentError, type StepContext, StepHandler, type StepHandlerResult } from '@tasker-systems/tasker';

import { failureOf, floatText, numberText, round2, utcStamp } from '../support/index.js';
import { AggregatedMetrics, type Metrics } from './models.js';

const SOURCE = 'aggregate_metrics';

const HEALTHY_REVENUE_PER_CUSTOMER = 500;
const HEALTHY_LIFETIME_VALUE = 3000;
const MAX_SCORE = 100;

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

/**
 * Finds the insights.
 *
 * Input: the result of `aggregate_metrics`.
 * Output: `insights`, each a finding and a recommendation, and the `health_score` of the business.
 */
export class GenerateInsightsHandler extends StepHandler {
  static override handlerName = 'data_pipeline/generate_insights';

  override async call(context: StepContext): Promise<StepHandlerResult> {
    try {
      const aggregate = AggregatedMetrics.fromOptional(context.getDependencyResult(SOURCE));
      if (!aggregate.isGiven) {
        throw new PermanentError('aggregated metrics are missing', { error_code: 'MISSING_AGGREGATE_RESULTS' });
      }

      const { metrics } = aggregate;
      const insights = findInsights(metrics);
      const now = utcStamp(new Date());
      logInfo('insights generated', { insights: insights.length });

      return this.success(
        {
          insights,
          health_score: healthScore(metrics),
          total_metrics_analyzed: aggregate.size,
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
    } catch (error) {
      return this.failure(...failureOf(error));
    }
  }
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
