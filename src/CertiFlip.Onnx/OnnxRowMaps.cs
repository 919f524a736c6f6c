using CertiFlip.Data;
using CertiFlip.Data.Pipelines;

namespace CertiFlip.Onnx;

/// <summary>ONNX models as the first step of a <see cref="Pipeline"/>.</summary>
public static class OnnxRowMaps
{
    private static readonly TextMapKind Texts =
        new(OnnxTextMap.Kind, (arrays, map) => ((OnnxTextMap)map).Store(arrays), OnnxTextMap.Restore);

    /// <summary>
    /// Whether a path can be that of a model: a folder, a file named <c>.onnx</c>, or one that begins like a model, a
    /// package or a library.
    /// </summary>
    /// <param name="path">The path.</param>
    public static bool MayBeModel(string path)
    {
        if (Directory.Exists(path))
            return true;
        if (!File.Exists(path))
            return false;
        const byte FirstField = 8; // The version of ONNX, which serializers write first.
        using FileStream file = File.OpenRead(path);
        byte[] start = new byte[2];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
            || (read == start.Length && (start[0] == FirstField || start is [(byte)'P', (byte)'K'] or [(byte)'M', (byte)'Z']));
    }

    /// <summary>
    /// The files beside a model that is named by its file, <c>.onnx</c>, which belong to it: weights, the tokenizer,
    /// what is said of how it is used. None of other paths, and of what is no model.
    /// </summary>
    /// <param name="path">The path.</param>
    public static IReadOnlyList<string> FilesBeside(string path) => ModelFiles.Beside(path);

    /// <summary>A model that reads the texts of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="map">The model.</param>
    public static RowMap Of(string column, OnnxTextMap map) => new TextRowMap(column, map, Texts);

    /// <summary>A model that sees the images of a column.</summary>
    /// <param name="column">The column: images as they are stored, or vectors that have the shape of images.</param>
    /// <param name="map">The model.</param>
    public static RowMap Of(string column, OnnxImageMap map) => new ImageRowMap(column, map);

    /// <summary>The pixels of images of one size, from 0 to 1, as numbers for maps of numbers.</summary>
    /// <param name="images">The column of images; the first says the size and whether there are colours.</param>
    /// <exception cref="DataException">The first image cannot be read.</exception>
    public static RowMap PixelsOf(ImageColumn images)
    {
        ArgumentNullException.ThrowIfNull(images);
        Pixels first = ImageDecoder.Decode(OnnxImageMap.BytesOf(images.Values[0]), images.Values[0].Name);
        return new PixelRowMap(images.Name, first.Height, first.Width, first.IsGrey ? 1 : Pixels.Colours);
    }

    /// <summary>Restores a step that was stored with a pipeline.</summary>
    /// <param name="kind">Which kind it is.</param>
    /// <param name="arrays">What the step stored.</param>
    /// <param name="cache">Where rows are kept that were computed before; null keeps none.</param>
    /// <returns>The step, or null where it is no ONNX model.</returns>
    /// <exception cref="ArgumentException">Something is missing, or does not fit together.</exception>
    public static RowMap? Restore(string kind, ModelArrays arrays, FeatureCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        if (kind == OnnxImageMap.Kind)
            return ImageRowMap.Restore(arrays, cache);
        if (kind == PixelRowMap.StoredKind)
            return PixelRowMap.Restore(arrays);
        if (kind != OnnxTextMap.Kind)
            return null;
        return TextRowMap.Restore(arrays, Texts with
        {
            Restore = own =>
            {
                var map = OnnxTextMap.Restore(own);
                map.Cache = cache;
                return map;
            },
        });
    }

    /// <summary>The pixels of images of one column, a colour after the other.</summary>
    private sealed class PixelRowMap(string column, int height, int width, int channels) : RowMap
    {
        public const string StoredKind = "pixels";

        private const string ColumnArray = "image column", ShapeArray = "shape";

        public override string Kind => StoredKind;

        public override string Description =>
            $"pixels of column '{column}', {height} × {width}{(channels == 1 ? " in grey" : " in colour")}";

        public override IReadOnlyList<string> Columns => [column];

        public override int Features => checked(height * width * channels);

        public override IReadOnlyList<int> RowShape => channels == 1 ? [height, width] : [channels, height, width];

        public override bool TakesImages => true;

        public static PixelRowMap Restore(ModelArrays arrays) =>
            arrays.Integers(ShapeArray) is [> 0 and var height, > 0 and var width, (1 or Pixels.Colours) and var channels]
                ? new PixelRowMap(arrays.Texts(ColumnArray).Single(), height, width, channels)
                : throw new ArgumentException("The shape of the images is missing.", nameof(arrays));

        public override FeatureMatrix Transform(Table table, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
            MappedRows.Compute(
                Column<ImageColumn>(table, column, "images").Values, Features, kept: null, OnnxImageMap.BytesOf,
                (image, bytes, row) => Write(ImageDecoder.Decode(bytes, image.Name), image.Name, row), progress, parallel);

        public override void Store(ModelArrays arrays)
        {
            arrays.Add(ColumnArray, [column]);
            arrays.Add(ShapeArray, [height, width, channels]);
        }

        private void Write(Pixels image, string name, Span<float> row)
        {
            const float White = 255;
            if (image.Height != height || image.Width != width)
            {
                throw new DataException(
                    $"{name}: the image is {image.Height} × {image.Width}, but {height} × {width} is expected, as of the first: pixels are "
                    + "features of images of one size only. Bring them to one size, or name an ONNX model with --map.");
            }

            if (channels == 1 && !image.IsGrey)
                throw new DataException($"{name}: the image has colours, and the first one has none; make all of them grey, or none.");
            for (int at = 0; at < height * width; at++)
            {
                for (int channel = 0; channel < channels; channel++)
                    row[channel * height * width + at] = image.Values[at * Pixels.Bytes + channel] / White;
            }
        }
    }

    /// <summary>Images of one column through a model.</summary>
    private sealed class ImageRowMap(string column, OnnxImageMap map) : RowMap
    {
        private const string ColumnArray = "image column";

        public override string Kind => OnnxImageMap.Kind;

        public override string Description => $"images of column '{column}' by an ONNX model, {map.Features} features";

        public override IReadOnlyList<string> Columns => [column];

        public override int Features => map.Features;

        public override bool TakesImages => true;

        public static ImageRowMap Restore(ModelArrays arrays, FeatureCache? cache)
        {
            var map = OnnxImageMap.Restore(arrays);
            map.Cache = cache;
            return new ImageRowMap(arrays.Texts(ColumnArray).Single(), map);
        }

        public override FeatureMatrix Transform(Table table, IProgress<int>? progress = null, ParallelOptions? parallel = null)
        {
            if (table.Find(column) is VectorColumn pixels)
            {
                const int White = 1;
                return pixels.RowShape switch
                {
                    [var height, var width] => map.Transform(
                        new ImageList(pixels.Values, height, width, 1, table.Source), White, progress, parallel),
                    [3 and var channels, var height, var width] => map.Transform(
                        new ImageList(pixels.Values, height, width, channels, table.Source), White, progress, parallel),
                    _ => throw new DataException($"{table.Source}: the vectors of column {DataException.Quote(column)} are no images."),
                };
            }

            return map.Transform(Column<ImageColumn>(table, column, "images").Values, progress, parallel);
        }

        public override void Store(ModelArrays arrays)
        {
            arrays.Add(ColumnArray, [column]);
            map.Store(arrays);
        }
    }
}
