import { codeParses } from './checks/code-parses.ts'
import { hasFields } from './checks/fields.ts'
import { noSecrets } from './checks/no-secrets.ts'
import { bansPatterns } from './checks/patterns.ts'
import { sectionsWith } from './sections.ts'
import type { Strategy } from './strategy.ts'

/** Each has a number in the Common Weakness Enumeration (cwe.mitre.org). */
const noKnownWeakness = bansPatterns({
  name: 'no-known-weakness',
  kind: 'safety',
  codeOnly: true,
  clean: 'None of the weaknesses that are looked for.',
  patterns: [
    { name: 'code run from text (CWE-95)', pattern: /(?<![\w.])(?:eval|exec)\s*\(|new\s+Function\s*\(/ },
    {
      name: 'a command made of parts (CWE-78)',
      pattern: /\bexec(?:Sync)?\s*\(\s*[`"'][^\n)]*(?:\$\{|["']\s*\+)|shell\s*=\s*True/,
    },
    {
      name: 'a query made of parts (CWE-89)',
      pattern:
        /[`"'](?:select|insert|update|delete)\b[^\n`]*(?:\$\{|["']\s*\+\s*\w|%s["']\s*%\s*\w|\{\w+\}["']\s*\.format)/i,
    },
    {
      name: 'HTML from text (CWE-79)',
      pattern: /\.innerHTML\s*\+?=(?!=)|dangerouslySetInnerHTML|document\.write\s*\(/,
    },
    {
      name: 'a certificate that is not verified (CWE-295)',
      pattern: /verify\s*=\s*False|rejectUnauthorized\s*:\s*false|InsecureSkipVerify\s*:\s*true/,
    },
    { name: 'a broken hash (CWE-328)', pattern: /createHash\s*\(\s*["'](?:md5|sha1)["']|hashlib\.(?:md5|sha1)\s*\(/i },
    {
      name: 'objects from untrusted text (CWE-502)',
      pattern: /\bpickle\.loads?\s*\(|yaml\.load\s*\((?![^\n)]*SafeLoader)/,
    },
  ],
})

const severityStated = hasFields('severity-stated', {
  severity:
    /\b(?:severity|risk|priority)\b[^\n]{0,40}\b(?:critical|high|medium|moderate|low|informational)\b|\bCVSS\b[^\n]{0,40}\d/i,
  'a remedy':
    /\b(?:remed\w+|mitigat\w+|fix(?:es|ed)?|patch\w*|upgrade|replace|use\b[^\n]{0,60}\binstead|recommend\w*)\b/i,
})

/** Findings with a severity and a remedy; nothing that leaks or weakens. */
export const security: Strategy = {
  agentType: 'security',
  criteria: [
    {
      name: 'threat_coverage',
      weight: 2,
      description: 'Who could do what to whom is named, and the likely ways are covered.',
    },
    { name: 'remediation', weight: 2, description: 'The remedy removes the cause and can be carried out.' },
    {
      name: 'severity_judgement',
      weight: 1,
      description: 'The stated severity fits what an attacker gains and needs.',
    },
  ],
  prompt: {
    template: 'improve-security',
    guidance: [
      'State the severity of each finding, and why.',
      'Give the remedy that removes the cause.',
      'Repeat no secret: write what stands for it.',
    ],
    sections: sectionsWith({ context: 'System and what is to be protected' }),
  },
  checks: [noSecrets, noKnownWeakness, severityStated, codeParses],
}
