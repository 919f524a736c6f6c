using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CertiFlip.Kernels;

/// <summary>4 doubles at a time.</summary>
internal readonly struct Lanes256 : ILanes<Vector256<double>>
{
    public static int Count => 4;

    public static bool AreSingle => false;

    public static Vector256<double> Load(ref readonly double source, nuint index) => Vector256.LoadUnsafe(in source, index);

    public static void Store(Vector256<double> value, ref double destination, nuint index) => value.StoreUnsafe(ref destination, index);

    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    public static Vector256<double> Divide(Vector256<double> a, Vector256<double> b) => a / b;

    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) =>
        Vector256.FusedMultiplyAdd(a, b, c);

    public static Vector256<double> Abs(Vector256<double> value) => Vector256.Abs(value);

    public static Vector256<double> Max(Vector256<double> a, Vector256<double> b) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    public static Vector256<double> SelectPositive(Vector256<double> value, Vector256<double> positive, Vector256<double> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(value, Vector256<double>.Zero), positive, otherwise);

    public static uint AtLeast(Vector256<double> a, Vector256<double> b) => Vector256.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static int StoreBetween(Vector256<double> value, Vector256<double> least, Vector256<double> below, ref double destination)
    {
        int count = 0;
        Vector256<double> between = Vector256.GreaterThanOrEqual(value, least) & Vector256.LessThan(value, below);
        for (uint wanted = (uint)between.ExtractMostSignificantBits(); wanted != 0; wanted &= wanted - 1)
            Unsafe.Add(ref destination, count++) = value[BitOperations.TrailingZeroCount(wanted)];
        return count;
    }

    public static Vector256<double> AddToExponent(Vector256<double> value, Vector256<double> shifter) =>
        (value.AsInt64() + (shifter.AsInt64() << 52)).AsDouble();
}

/// <summary>8 doubles at a time, kept as floats.</summary>
internal readonly struct SingleLanes256 : ISingleLanes<Vector256<float>>
{
    public static int Count => 8;

    public static bool AreSingle => true;

    public static Vector256<float> Load(ref readonly double source, nuint index) =>
        Vector256.Narrow(Vector256.LoadUnsafe(in source, index), Vector256.LoadUnsafe(in source, index + 4));

    public static void Store(Vector256<float> value, ref double destination, nuint index)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(value);
        low.StoreUnsafe(ref destination, index);
        high.StoreUnsafe(ref destination, index + 4);
    }

    public static Vector256<float> Broadcast(double value) => Vector256.Create((float)value);

    public static Vector256<float> LoadSingles(ref readonly float source, nuint index) => Vector256.LoadUnsafe(in source, index);

    public static void StoreSingles(Vector256<float> value, ref float destination, nuint index) =>
        value.StoreUnsafe(ref destination, index);

    public static Vector256<float> BroadcastSingle(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, b, c);

    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), a, b);

    public static Vector256<float> SelectPositive(Vector256<float> value, Vector256<float> positive, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(value, Vector256<float>.Zero), positive, otherwise);

    public static uint AtLeast(Vector256<float> a, Vector256<float> b) => Vector256.GreaterThanOrEqual(a, b).ExtractMostSignificantBits();

    public static int StoreBetween(Vector256<float> value, Vector256<float> least, Vector256<float> below, ref double destination)
    {
        int count = 0;
        Vector256<float> between = Vector256.GreaterThanOrEqual(value, least) & Vector256.LessThan(value, below);
        for (uint wanted = (uint)between.ExtractMostSignificantBits(); wanted != 0; wanted &= wanted - 1)
            Unsafe.Add(ref destination, count++) = value[BitOperations.TrailingZeroCount(wanted)];
        return count;
    }

    public static Vector256<float> AddToExponent(Vector256<float> value, Vector256<float> shifter) =>
        (value.AsInt32() + (shifter.AsInt32() << 23)).AsSingle();
}
