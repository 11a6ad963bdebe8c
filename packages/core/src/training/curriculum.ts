/** A family of scenarios, chosen by the category of the agent. */
export interface CurriculumTemplate {
  readonly name: string
  /** Category that it is for, in lower case; the one without is for all others. */
  readonly category: string | null
  readonly topics: readonly string[]
}

/** One step of a course. */
export interface CurriculumStep {
  readonly kind: 'theory' | 'practice' | 'assessment'
  readonly title: string
  readonly minutes: number
  /** Capability that a practice is about; null on the other steps. */
  readonly capability: string | null
}

/** What a student goes through. */
export interface Curriculum {
  readonly title: string
  readonly template: string
  readonly objectives: readonly string[]
  readonly steps: readonly CurriculumStep[]
  /** The sum of the steps. */
  readonly hours: number
}

/** What a course is planned for. */
export interface CurriculumQuestion {
  readonly category: string | null
  /** In the order of teaching, the blocked action's capability first. */
  readonly gaps: readonly string[]
  readonly templates?: readonly CurriculumTemplate[]
}

const MOST_PRACTICES = 5
const GENERAL: CurriculumTemplate = {
  name: 'General Operations',
  category: null,
  topics: ['instructions', 'tools', 'limits of the role'],
}

/** The templates of the product. */
export const CURRICULUM_TEMPLATES: readonly CurriculumTemplate[] = [
  {
    name: 'Finance Fundamentals',
    category: 'finance',
    topics: ['reconciliation', 'financial analysis', 'categorization', 'report generation'],
  },
  { name: 'Sales Operations', category: 'sales', topics: ['lead scoring', 'CRM update', 'outreach', 'pipeline'] },
  {
    name: 'Process Automation',
    category: 'operations',
    topics: ['inventory', 'logistics', 'process optimization', 'scheduling'],
  },
  {
    name: 'HR Management',
    category: 'hr',
    topics: ['onboarding', 'policy questions', 'employee data', 'documentation'],
  },
  {
    name: 'Customer Support',
    category: 'support',
    topics: ['ticket resolution', 'communication', 'escalation', 'knowledge base'],
  },
  GENERAL,
]

/** Plans a course: theory, one practice for each of the first five gaps, and an assessment over all of them. */
export function planCurriculum({ category, gaps, templates = CURRICULUM_TEMPLATES }: CurriculumQuestion): Curriculum {
  const template = templateFor(category, templates)
  const steps = stepsOf(template, gaps)
  const minutes = steps.reduce((sum, step) => sum + step.minutes, 0)
  return {
    title: gaps[0] === undefined ? template.name : `${template.name}: ${readable(gaps[0])}`,
    template: template.name,
    objectives: gaps.map((gap) => `Perform ${readable(gap)} within the policy, shown in scenarios.`),
    steps,
    hours: minutes / 60,
  }
}

function stepsOf(template: CurriculumTemplate, gaps: readonly string[]): readonly CurriculumStep[] {
  return [
    { kind: 'theory', title: 'Policy, limits and when to ask', minutes: 30, capability: null },
    { kind: 'theory', title: `${template.name}: ${template.topics.join(', ')}`, minutes: 45, capability: null },
    ...gaps.slice(0, MOST_PRACTICES).map(practiceOf),
    { kind: 'assessment', title: 'Assessment', minutes: 90, capability: null },
  ]
}

function practiceOf(gap: string): CurriculumStep {
  return { kind: 'practice', title: `Practice: ${readable(gap)}`, minutes: 60, capability: gap }
}

function templateFor(category: string | null, templates: readonly CurriculumTemplate[]): CurriculumTemplate {
  const folded = category?.toLowerCase() ?? null
  return (
    templates.find((template) => template.category !== null && template.category === folded) ??
    templates.find((template) => template.category === null) ??
    GENERAL
  )
}

function readable(capability: string): string {
  return capability.replaceAll('_', ' ')
}
