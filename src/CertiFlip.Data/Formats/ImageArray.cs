namespace CertiFlip.Data.Formats;

/// <summary>Arrays of three or four dimensions as images.</summary>
internal static class ImageArray
{
    private const int Grey = 1, Colours = 3;

    /// <summary>Images that must be read into memory.</summary>
    /// <param name="array">The array.</param>
    /// <param name="source">The file that it is in.</param>
    public static ImageList Read(StoredArray array, string source)
    {
        (int height, int width, int channels) = ShapeOf(array);
        return new ImageList(array.ReadFeatures(), height, width, channels, source);
    }

    /// <summary>Images that stay in their file if it is not compressed: of thousands, a few are looked at.</summary>
    /// <param name="array">An array that is the last thing in the file.</param>
    /// <param name="file">The file.</param>
    /// <param name="elements">Its content, at the array's first element.</param>
    public static ImageList ReadOrMap(StoredArray array, InputFile file, Stream elements)
    {
        (int height, int width, int channels) = ShapeOf(array);
        FeatureMatrix? mapped = file.IsPlain ? array.MapFeatures(file.Path, elements.Position, room: 0) : null;
        return new ImageList(mapped ?? array.ReadFeatures(), height, width, channels, file.Path);
    }

    private static (int Height, int Width, int Channels) ShapeOf(StoredArray array)
    {
        if (array.IsColumnMajor)
            throw new DataException($"{array.Name}: images are read row by row only; in NumPy, save np.ascontiguousarray(images).");
        return array.Shape switch
        {
            [_, <= int.MaxValue and var height, <= int.MaxValue and var width] => ((int)height, (int)width, Grey),
            [_, <= int.MaxValue and var height, <= int.MaxValue and var width, (Grey or Colours) and var channels] => ((int)height, (int)width, (int)channels),
            [_, Grey or Colours, _, _] => throw new DataException($"{array.Name}: the shape is {array.ShapeText}, but channels come last in images; in NumPy, save images.transpose(0, 2, 3, 1)."),
            _ => throw new DataException($"{array.Name}: the shape is {array.ShapeText}, but images are n×height×width, or n×height×width×channels with 1 or 3 channels."),
        };
    }
}
