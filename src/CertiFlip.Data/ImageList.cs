using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>Images as they were read from one file.</summary>
/// <param name="Pixels">
/// n rows of height × width × channels numbers: row by row from the top, the channels of a pixel side by side, on the
/// file's own scale.
/// </param>
/// <param name="Height">Pixels from top to bottom.</param>
/// <param name="Width">Pixels from left to right.</param>
/// <param name="Channels">Numbers for each pixel: one is grey, three are red, green and blue.</param>
/// <param name="Source">Where they came from, as messages name it: a path.</param>
public sealed record ImageList(FeatureMatrix Pixels, int Height, int Width, int Channels, string Source)
{
    private const int Grey = 1, Colours = 3;
    private const long RoomForImages = 64 << 20;

    /// <summary>Reads an array of three or four dimensions into memory.</summary>
    /// <param name="array">The array.</param>
    /// <param name="source">The file that it is in.</param>
    internal static ImageList Read(StoredArray array, string source)
    {
        (int height, int width, int channels) = ShapeOf(array);
        return new ImageList(array.ReadFeatures(), height, width, channels, source);
    }

    /// <summary>Leaves many images in a file that is not compressed: of thousands, a few are looked at.</summary>
    /// <param name="array">An array that is the last thing in the file.</param>
    /// <param name="file">The file.</param>
    internal static ImageList ReadOrLeave(StoredArray array, InputFile file)
    {
        (int height, int width, int channels) = ShapeOf(array);
        FeatureMatrix? inFile = file.IsPlain ? array.FeaturesInFile(file, RoomForImages) : null;
        return new ImageList(inFile ?? array.ReadFeatures(), height, width, channels, file.Path);
    }

    private static (int Height, int Width, int Channels) ShapeOf(StoredArray array)
    {
        if (array.IsColumnMajor)
        {
            throw new DataException(
                $"{array.Name}: images are read row by row only; in NumPy, save np.ascontiguousarray(images).");
        }
        return array.Shape switch
        {
            [_, <= int.MaxValue and var height, <= int.MaxValue and var width] => ((int)height, (int)width, Grey),
            [_, <= int.MaxValue and var height, <= int.MaxValue and var width, (Grey or Colours) and var channels] =>
                ((int)height, (int)width, (int)channels),
            [_, Grey or Colours, _, _] => throw new DataException(
                $"{array.Name}: the shape is {array.ShapeText}, but channels come last in images; "
                + "in NumPy, save images.transpose(0, 2, 3, 1)."),
            _ => throw new DataException(
                $"{array.Name}: the shape is {array.ShapeText}, but images are n×height×width, "
                + "or n×height×width×channels with 1 or 3 channels."),
        };
    }
}
