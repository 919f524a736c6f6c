using System.Runtime.CompilerServices;

namespace CertiFlip.Kernels;

/// <summary>One double at a time, kept as a float: the twin of the other lanes of floats.</summary>
internal readonly struct ScalarSingleLanes : ILanes<float>
{
    public static int Count => 1;

    public static float Load(ref readonly double source, nuint index) => (float)Unsafe.Add(ref Unsafe.AsRef(in source), index);

    public static void Store(float value, ref double destination, nuint index) => Unsafe.Add(ref destination, index) = value;

    public static float Broadcast(double value) => (float)value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Abs(float value) => MathF.Abs(value);

    public static float Max(float a, float b) => a > b ? a : b;

    public static float SelectPositive(float value, float positive, float otherwise) => value > 0 ? positive : otherwise;

    public static uint AtLeast(float a, float b) => a >= b ? 1u : 0;

    public static float AddToExponent(float value, float shifter) =>
        BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) + (BitConverter.SingleToInt32Bits(shifter) << 23));

    public static float NegativeExponential(float a) => RoughExponential<ScalarSingleLanes, float>.Of(a);

    public static double Sum(float value) => value;
}
