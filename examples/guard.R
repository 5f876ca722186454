# Sets aside the rows that a guard holds back: Rscript guard.R guard.json rows.csv kept.csv held.csv
# The guard comes from a message, or from: vigie guard churn --json > guard.json
library(data.table)
library(jsonlite)

files <- commandArgs(trailingOnly = TRUE)
guard <- fromJSON(files[1], simplifyDataFrame = FALSE)
stopifnot(guard$version == 1)
rows <- fread(files[2], na.strings = c("", "NA", "NaN", "NULL", "null", "N/A"))

why <- rep("", nrow(rows))
note <- function(hold, variable, reason) {
  hold <- hold & !is.na(hold)
  why[hold] <<- paste0(why[hold], ifelse(why[hold] == "", "", "; "), variable, ": ", reason)
}
for (rule in guard$rules) {
  if (!rule$variable %in% names(rows)) stop("the rows have no column ", rule$variable)
  value <- rows[[rule$variable]]
  if (rule$kind == "numeric") {
    value <- as.numeric(value)
    outside <- rep(FALSE, length(value))
    if (!is.null(rule$low)) outside <- outside | value < rule$low
    if (!is.null(rule$high)) outside <- outside | value > rule$high
    note(outside, rule$variable, "out_of_range")
  } else {
    level <- if (is.logical(value)) tolower(value) else as.character(value)
    new <- level %in% unlist(rule$hold$levels)
    if (isTRUE(rule$hold$unseen)) new <- new | !(level %in% unlist(rule$known))
    note(new & !is.na(value), rule$variable, "unseen")
  }
  if (isTRUE(rule$missing)) note(is.na(value), rule$variable, "missing")
}

fwrite(rows[why == ""], files[3])
fwrite(cbind(rows[why != ""], held_because = why[why != ""]), files[4])
cat(sum(why == ""), "rows kept,", sum(why != ""), "held back\n")
