/** Per cent of the lines that the whole suite has to cover. */
export const LINES_COVERED = 90
