import type { Scenario } from '@preceptor/client'
import { FINANCE_SCENARIOS } from './scenarios/finance.ts'
import { GENERAL_SCENARIOS } from './scenarios/general.ts'
import { OPERATIONS_SCENARIOS } from './scenarios/operations.ts'
import { PEOPLE_SCENARIOS } from './scenarios/people.ts'
import { SALES_SCENARIOS } from './scenarios/sales.ts'
import { SUPPORT_SCENARIOS } from './scenarios/support.ts'

/** The scenarios of the product; hosts add to them, and replace one by a higher version of its id. */
export const PRODUCT_SCENARIOS: readonly Scenario[] = [
  ...FINANCE_SCENARIOS,
  ...SALES_SCENARIOS,
  ...OPERATIONS_SCENARIOS,
  ...PEOPLE_SCENARIOS,
  ...SUPPORT_SCENARIOS,
  ...GENERAL_SCENARIOS,
]
