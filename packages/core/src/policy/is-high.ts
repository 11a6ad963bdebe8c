import type { Risk } from '@preceptor/client'

/** Whether a risk is for people alone. */
export function isHigh(risk: Risk): boolean {
  return risk === 'high' || risk === 'critical'
}
