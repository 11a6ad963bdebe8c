// What Prometheus asks. It stands apart, because only whoever mounts it needs `prom-client`.

export { type MetricsAppOptions, metricsApp } from './metrics-app.ts'
export { metricsRoutes } from './metrics-routes.ts'
export { type MetricsRegistry, registerMetrics } from './register-metrics.ts'
