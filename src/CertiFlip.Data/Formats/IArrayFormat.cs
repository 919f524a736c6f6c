namespace CertiFlip.Data.Formats;

/// <summary>A format of arrays, which may have more dimensions than two and so hold images.</summary>
internal interface IArrayFormat : IDataFormat
{
    /// <summary>Reads the file as images, n×height×width or n×height×width×channels.</summary>
    ImageList ReadImages(InputFile file);
}
