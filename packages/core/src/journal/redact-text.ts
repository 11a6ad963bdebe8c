export { isCardNumber, REDACTED, redactText } from '@preceptor/client'
