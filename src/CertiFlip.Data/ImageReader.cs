using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>Reads images, for people to look at.</summary>
/// <remarks>
/// The formats are <c>.npy</c>, <c>.npz</c> (array <c>X</c>, or the only one there is) and IDX, each n×height×width or
/// n×height×width×channels with one or three channels, and <c>.gz</c> of any of these. More than 64 MiB of images in a
/// file that is not compressed stay there and are read when they are needed; the file must not change meanwhile.
/// </remarks>
public static class ImageReader
{
    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>At least one image of at least one pixel; all numbers are finite.</returns>
    /// <exception cref="DataException">The file cannot be read or does not hold images.</exception>
    public static ImageList Read(string path) => InputFile.Read(path, file =>
    {
        file.ThrowIfEmpty();
        IArrayFormat format = DataFormats.RecogniseArrays(file) ?? throw (ForeignFormat.Of(file)?.Refusal(path) ?? new DataException(
            $"{path}: images are read from .npy, .npz and IDX, which this does not begin like, and from .gz of these; "
            + "texts by the extensions .csv, .tsv and .txt."));
        return format.ReadImages(file);
    });
}
