import { RISKS, type Risk } from '@preceptor/client'

/** The higher of two risks. */
export function strictestRisk(one: Risk, other: Risk): Risk {
  return RISKS.indexOf(one) >= RISKS.indexOf(other) ? one : other
}
