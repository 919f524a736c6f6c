using CertiFlip.Data;
using CertiFlip.Data.Pipelines;

namespace CertiFlip.Onnx;

/// <summary>ONNX models as the first step of a <see cref="Pipeline"/>.</summary>
public static class OnnxRowMaps
{
    private static readonly TextMapKind Texts =
        new(OnnxTextMap.Kind, (arrays, map) => ((OnnxTextMap)map).Store(arrays), OnnxTextMap.Restore);

    /// <summary>A model that reads the texts of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="map">The model.</param>
    public static RowMap Of(string column, OnnxTextMap map) => new TextRowMap(column, map, Texts);

    /// <summary>A model that sees the images of a column.</summary>
    /// <param name="column">The column: images as they are stored, or vectors that have the shape of images.</param>
    /// <param name="map">The model.</param>
    public static RowMap Of(string column, OnnxImageMap map) => new ImageRowMap(column, map);

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
