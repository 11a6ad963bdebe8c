import type { MetricFamily } from '@preceptor/client'
import { Registry, type RegistryContentType } from 'prom-client'
import { addFamilies, byName } from './register-metrics.ts'

/** Families as a text that Prometheus reads. */
export interface Exposition {
  readonly contentType: string
  readonly text: string
}

/** The types that an exposition may have. */
export const EXPOSITION_TYPES: readonly string[] = ['text/plain', 'application/openmetrics-text']

/** Writes families in the text format of Prometheus, or as OpenMetrics where the scraper asks for that. */
export async function expositionOf(families: readonly MetricFamily[], accept: string | undefined): Promise<Exposition> {
  const registry = new Registry<RegistryContentType>()
  if (asksForOpenMetrics(accept)) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const read = Promise.resolve(byName(families))
  addFamilies(registry, families, () => read)
  return { contentType: registry.contentType, text: await registry.metrics() }
}

/** Whether OpenMetrics is taken, and not less gladly than plain text. */
function asksForOpenMetrics(accept = ''): boolean {
  const weights = new Map(
    accept.split(',').map((part) => {
      const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return [type, weight === undefined ? 1 : Number(weight)] as const
    }),
  )
  const wanted = weights.get('application/openmetrics-text') ?? 0
  return wanted > 0 && wanted >= (weights.get('text/plain') ?? 0)
}
