using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>Reads features, and labels where they are in the same file.</summary>
/// <remarks>
/// <para>
/// The formats are <c>.npz</c> (arrays <c>X</c>, n×k, and optionally <c>y</c>, n), <c>.npy</c> (n×k), IDX (n images or
/// more generally n×…; unsigned bytes are divided by 255), <c>.csv</c> and <c>.tsv</c> (a header row; one column may
/// hold labels, all others hold numbers with a decimal point, whatever the culture), and <c>.gz</c> of any of these.
/// Binary formats are recognised by their content, text by its extension.
/// </para>
/// <para>Integers of more than 53 bits become the nearest <see cref="double"/>. All numbers must be finite.</para>
/// </remarks>
public static class DatasetReader
{
    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">
    /// For .csv and .tsv, the column that holds the labels; without such a column the data are unlabelled.
    /// </param>
    /// <param name="ignoredColumns">
    /// For .csv and .tsv, columns to pass over, whatever they hold. One that is not there makes no difference.
    /// </param>
    /// <returns>n ≥ 1 rows of k ≥ 1 finite features. A label that is missing is empty.</returns>
    /// <exception cref="DataException">The file cannot be read or does not hold such data.</exception>
    public static Dataset Read(string path, string labelColumn = "label", IReadOnlyCollection<string>? ignoredColumns = null) =>
        InputFile.Read(path, file => DataFormats.Recognise(file, labelColumn, ignoredColumns).ReadDataset(file));
}
