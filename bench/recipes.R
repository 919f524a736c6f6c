# recipes.R OUT   Writes the tables of two Debian packages as numbers, the label last: r-cran-mlbench and r-cran-kernlab.
out <- commandArgs(trailingOnly = TRUE)[1]
suppressMessages({library(mlbench); library(kernlab)})
data(LetterRecognition, Satellite, Shuttle, Vehicle, Sonar, Vowel, DNA, Ionosphere, PimaIndiansDiabetes, Glass, package = "mlbench")
data(spam, musk, package = "kernlab")
write_table <- function(name, table, label, rows = seq_len(nrow(table))) {
  y <- as.integer(as.factor(table[[label]])) - 1
  table[[label]] <- NULL
  # A factor of levels such as 0 and 1 becomes its number.
  x <- sapply(table, function(column) if (is.factor(column)) as.integer(column) - 1 else as.numeric(column))
  write.table(cbind(x, y)[rows, ], file.path(out, paste0(name, ".csv")), sep = ",", row.names = FALSE, col.names = FALSE)
}
write_table("letters", LetterRecognition, "lettr")
write_table("satellite", Satellite, "classes")
# Classes 2, 3, 6 and 7 have a handful of rows; every sixth row of the other three.
common <- which(Shuttle$Class %in% c("Rad.Flow", "High", "Bypass"))
write_table("shuttle", droplevels(Shuttle[common[seq(1, length(common), 6)], ]), "Class")
write_table("vehicle", Vehicle, "Class")
write_table("sonar", Sonar, "Class")
write_table("vowel", Vowel[, -1], "Class")
write_table("dna", DNA, "Class")
write_table("ionosphere", Ionosphere, "Class")
write_table("pima", PimaIndiansDiabetes, "diabetes")
write_table("glass", Glass, "Type")
write_table("spam", spam, "type")
write_table("musk", musk, "Class")
