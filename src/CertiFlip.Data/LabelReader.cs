using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>Reads labels from a file of their own.</summary>
/// <remarks>
/// The formats are <c>.npy</c> and IDX (one dimension), <c>.npz</c> (array <c>y</c>), <c>.csv</c> and <c>.tsv</c> (the
/// label column, or the only column there is), and <c>.gz</c> of any of these. Array labels may be integers, booleans,
/// floats or fixed-width text.
/// </remarks>
public static class LabelReader
{
    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labelColumn">For .csv and .tsv with several columns, the column that holds the labels.</param>
    /// <returns>
    /// At least one label; none is empty. Numbers are written in their shortest form that reads back the same.
    /// </returns>
    /// <exception cref="DataException">The file cannot be read or does not hold labels.</exception>
    public static IReadOnlyList<string> Read(string path, string labelColumn = "label") =>
        InputFile.Read(path, file => DataFormats.Recognise(file, labelColumn).ReadLabels(file));
}
