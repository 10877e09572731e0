/**
 * Metrics for Prometheus: `docs/metrics.md`.
 *
 * @module kubeflume/prometheus
 */
export { registerMetrics, type RegisterMetricsOptions } from './prometheus.ts'
